/** What went wrong, where in the graph, and what the caller can do about it. */
export class OnnxAutodiffError extends Error {
  readonly code: string
  readonly hint: string

  constructor(code: string, message: string, hint = '') {
    super(hint === '' ? message : `${message} ${hint}`)
    this.name = 'OnnxAutodiffError'
    this.code = code
    this.hint = hint
  }
}

/** An operator on the way from a result to the values it is differentiated by has no gradient rule. */
export class UnsupportedOperatorError extends OnnxAutodiffError {
  readonly opType: string
  readonly nodeName: string

  constructor(opType: string, nodeName: string, reason?: string) {
    super(
      'unsupported-operator',
      `No gradient rule for operator ${opType} (node "${nodeName}")${reason === undefined ? '' : `: ${reason}`}.`,
      'Export the network without it, pass a rule of your own in `rules`, or use a method that needs no gradient.'
    )
    this.name = 'UnsupportedOperatorError'
    this.opType = opType
    this.nodeName = nodeName
  }
}
