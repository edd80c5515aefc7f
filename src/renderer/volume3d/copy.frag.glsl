precision highp float;
precision highp sampler2D;

out vec4 colour;

// The pane's rectangle in device pixels: left, bottom, width, height.
uniform vec4 uViewport;
uniform sampler2D uPicture;

void main() {
  colour = vec4(texture(uPicture, (gl_FragCoord.xy - uViewport.xy) / uViewport.zw).rgb, 1.0);
}
