#!/usr/bin/env python3
"""Imports the public registries of numbers into vendordb/registries/: run by hand when a newer edition is out, never by the build.

    npm pack oui-data && tar xzf oui-data-*.tgz          # gives package/
    tools/registries/registries.py --oui-data package --oui-date 2026-08-26 \\
        --ieee-data /usr/share/ieee-data --enterprises /usr/share/wireshark/enterprises.tsv --tables ../shared/data/registries

Per registry it writes NAME.tsv.zst (a number and the organisation, sorted, nothing else) and NAME.json (where it comes from,
its licence, date, SHA-256 of the unpacked table, number of rows). A registry whose source is not named stays as it is.

Names of organisations only: street addresses, contacts, mail addresses and web addresses are left out.

IEEE: the newest edition wins for each prefix. The older one adds what the newer does not hold: the IAB blocks (36 bits, no
longer handed out, still in devices) and prefixes that were given back since.
"""
import argparse
import csv
import hashlib
import json
import re
import subprocess
import sys
from pathlib import Path

OUT = Path(__file__).resolve().parents[2] / "vendordb" / "registries"


def plain(name):
    """One line of text: white space (also the no-break space) runs into one space."""
    return re.sub(r"[\s\u00a0]+", " ", name).strip()


def without_addresses(name):
    """A registered name without the web and mail addresses that some carry."""
    name = re.sub(r"[(<\[][^()<>\[\]]*(?:https?:|www\.)[^()<>\[\]]*[)>\]]", " ", name)
    name = re.sub(r"https?://\S+", " ", name)
    name = re.sub(r"\S+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.[A-Za-z]{2,}", " ", name)
    name = re.sub(r"\(\s*\)", " ", name)
    return plain(name)


def write(name, rows, about):
    table = "".join(f"{key}\t{organisation}\n" for key, organisation in rows).encode()
    packed = OUT / f"{name}.tsv.zst"
    subprocess.run(["zstd", "-q", "-f", "--ultra", "-22", "-", "-o", str(packed)], input=table, check=True)
    about = {"registry": name, **about, "sha256": hashlib.sha256(table).hexdigest(), "rows": len(rows)}
    (OUT / f"{name}.json").write_text(json.dumps(about, indent=2, ensure_ascii=False) + "\n")
    print(f"{name}: {len(rows)} rows, {packed.stat().st_size} bytes packed")


def oui(args):
    holders = {}
    package = []
    if args.ieee_data:
        folder = Path(args.ieee_data)
        for file in ("iab.csv", "oui36.csv", "mam.csv", "oui.csv"):
            with open(folder / file, newline="", encoding="utf-8") as lines:
                for row in csv.DictReader(lines):
                    holders[row["Assignment"].upper()] = plain(row["Organization Name"])
        package.append({"package": "ieee-data (Debian)", "version": args.ieee_version, "as_of": args.ieee_date})
    newest = json.loads((Path(args.oui_data) / "index.json").read_text())
    holders.update((prefix.upper(), plain(text.split("\n")[0])) for prefix, text in newest.items())
    version = json.loads((Path(args.oui_data) / "package.json").read_text())["version"]
    package.insert(0, {"package": "oui-data (npm)", "version": version, "as_of": args.oui_date})
    rows = sorted((prefix, name) for prefix, name in holders.items() if name)
    if any(len(prefix) not in (6, 7, 9) for prefix, _ in rows):
        sys.exit("a prefix that is not of 24, 28 or 36 bits")
    write("oui", rows, {
        "origin": "IEEE Registration Authority: MA-L, MA-M, MA-S and IAB assignments",
        "publisher": "IEEE",
        "licence": "facts of a public registry; oui-data is BSD-2-Clause; addresses left out",
        "packages": package,
        "as_of": args.oui_date,
        "note": "Per prefix the newest edition wins; the older one adds IAB blocks and prefixes given back since."})


def pen(args):
    text = Path(args.enterprises).read_text(encoding="utf-8")
    updated = re.search(r"last updated (\d{4}-\d\d-\d\d)", text)
    rows = {}
    for line in text.splitlines():
        match = re.match(r"(\d+)\s+(\S.*)$", line)
        if match and (name := without_addresses(match[2])) and not re.search(r"(?i)^(?:reserved|unassigned|-+none-*|none)$", name):
            rows[int(match[1])] = name
    write("pen", sorted(rows.items()), {
        "origin": "IANA private enterprise numbers (organisation names; contacts left out)",
        "publisher": "IANA",
        "licence": "facts of a public registry",
        "packages": [{"package": "wireshark-common (Debian), enterprises.tsv", "version": args.wireshark_version,
                      "as_of": updated[1]}],
        "as_of": updated[1]})


def table(args, name, origin, publisher, as_of, package):
    rows = {}
    for line in (Path(args.tables) / f"{name}_vendors.tsv").read_text(encoding="utf-8").splitlines():
        number, organisation = line.split("\t")[:2]
        organisation = plain(organisation)
        if organisation and not re.match(r"(?i)^reserved\b", organisation):
            rows[int(number)] = organisation
    write(name, sorted(rows.items()), {
        "origin": origin, "publisher": publisher, "licence": "facts of a public registry",
        "packages": package, "as_of": as_of})


def flag(args):
    """Three letters are a number of five bits a letter (EN 13757-3); the list has "name, country"."""
    rows = {}
    text = Path(args.flag).read_text(encoding="utf-8")
    for letters, name in re.findall(r'^X\(([A-Z]{3}),MANFCODE\([^)]*\),"([^"]*)"\)', text, re.MULTILINE):
        number = sum((ord(letter) - 64) << shift for letter, shift in zip(letters, (10, 5, 0)))
        holder = plain(name.rsplit(", ", 1)[0])
        if holder:
            rows[number] = holder
    write("flag", sorted(rows.items()), {
        "origin": "FLAG ids of meter makers, as the list of wmbusmeters spells their holder",
        "publisher": "DLMS User Association",
        "licence": "CC0-1.0 (the list); facts of a public registry",
        "packages": [],
        "as_of": args.flag_date,
    })


def ethercat(args):
    """{0x00000002, "Beckhoff Automation"}, ...; where a number stands twice the first spelling stays."""
    rows = {}
    text = Path(args.ethercat).read_text(encoding="utf-8")
    for number, name in re.findall(r'\{0x([0-9A-Fa-f]+),\s*"([^"]*)"\}', text):
        if int(number, 16) != 0:
            rows.setdefault(int(number, 16), plain(name))
    write("ethercat", sorted(rows.items()), {
        "origin": "EtherCAT vendor ids as the master gbem lists them; one public collection, not the whole list",
        "publisher": "EtherCAT Technology Group",
        "licence": "facts of a public registry",
        "packages": [],
        "as_of": args.ethercat_date,
    })


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--oui-data", help="folder of the unpacked package")
    parser.add_argument("--oui-date", help="day its version was published")
    parser.add_argument("--ieee-data", help="folder with oui.csv, mam.csv, oui36.csv, iab.csv")
    parser.add_argument("--ieee-version", default="20220827.1")
    parser.add_argument("--ieee-date", default="2022-08-27")
    parser.add_argument("--enterprises", help="enterprises.tsv")
    parser.add_argument("--wireshark-version", default="4.0.17")
    parser.add_argument("--wireshark-date", default="2024-08-28", help="day its tables were last changed")
    parser.add_argument("--profinet-date", default="2026-11-21", help="day the PROFINET table was taken over; it has none itself")
    parser.add_argument("--ethercat", help="etg.c of gbem")
    parser.add_argument("--ethercat-date", default="2026-11-26", help="day the list was taken over")
    parser.add_argument("--flag", help="manufacturers.h of wmbusmeters")
    parser.add_argument("--flag-date", default="2026-11-26", help="day the list was taken over")
    parser.add_argument("--tables", help="folder with cip_vendors.tsv, bacnet_vendors.tsv, profinet_vendors.tsv")
    args = parser.parse_args()
    OUT.mkdir(parents=True, exist_ok=True)
    if args.oui_data:
        if not args.oui_date:
            parser.error("--oui-data needs --oui-date")
        oui(args)
    if args.enterprises:
        pen(args)
    if args.ethercat:
        ethercat(args)
    if args.flag:
        flag(args)
    if args.tables:
        listed = [{"package": "Wireshark", "version": args.wireshark_version, "as_of": args.wireshark_date}]
        table(args, "cip", "ODVA CIP vendor ids, as Wireshark lists them; newer ids are missing", "ODVA",
              args.wireshark_date, listed)
        table(args, "bacnet", "ASHRAE BACnet vendor ids, as Wireshark lists them; newer ids are missing", "ASHRAE",
              args.wireshark_date, listed)
        table(args, "profinet", "PROFINET vendor ids as GSDML files spell their holder; one public collection, not the whole list",
              "PROFIBUS & PROFINET International", args.profinet_date, [])


if __name__ == "__main__":
    main()
