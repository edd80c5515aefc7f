"""python -m wedgeview_training train CONFIG | families CONFIG | export DESCRIPTION | check DESCRIPTION"""

from argparse import ArgumentParser
from pathlib import Path
from sys import exit, stderr

from .commands import check, export, families, train


def main() -> int:
    parser = ArgumentParser(prog="wedgeview_training", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    training = commands.add_parser("train", help="train as CONFIG says; checkpoints and log in its folder")
    training.add_argument("config", type=Path)
    training.add_argument("--resume", action="store_true", help="go on from the folder's checkpoint")
    drawing = commands.add_parser("families", help="write volumes to train a prior on")
    drawing.add_argument("config", type=Path)
    exporting = commands.add_parser("export", help="write the bundle that a description names")
    exporting.add_argument("description", type=Path)
    checking = commands.add_parser("check", help="ONNX equals PyTorch, and the app's derivative equals autograd")
    checking.add_argument("description", type=Path)
    arguments = parser.parse_args()
    try:
        if arguments.command == "train":
            train(arguments.config, arguments.resume)
        elif arguments.command == "families":
            families(arguments.config)
        elif arguments.command == "export":
            export(arguments.description)
        else:
            check(arguments.description)
    except (ValueError, OSError, RuntimeError) as error:
        print(error, file=stderr)
        return 1
    return 0


if __name__ == "__main__":
    exit(main())
