"""Runs every test here and writes counts for `npm test`: python3 training/tests/run.py REPORT.json"""

from json import dumps
from pathlib import Path
from sys import argv, exit, path
from unittest import TextTestRunner, defaultTestLoader
from warnings import filterwarnings

TRAINING = Path(__file__).resolve().parent.parent

if __name__ == "__main__":
    path.insert(0, str(TRAINING))
    # torch's exporter warns of every size it traces; the exported files are compared with PyTorch instead.
    filterwarnings("ignore", module="torch")
    result = TextTestRunner(verbosity=2).run(defaultTestLoader.discover(str(TRAINING / "tests"), top_level_dir=str(TRAINING)))
    failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
    skipped = len(result.skipped) + len(result.expectedFailures)
    counts = {"passed": max(0, result.testsRun - failed - skipped), "failed": failed, "skipped": skipped}
    if len(argv) > 1:
        Path(argv[1]).write_text(dumps(counts), encoding="utf8")
    exit(0 if failed + skipped == 0 and result.testsRun > 0 else 1)
