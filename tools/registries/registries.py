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
import unicodedata
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


def countries(path):
    """Names of countries, as ISO 3166's table and the ITU's lists spell them, to codes of two letters."""
    codes = {}
    for line in Path(path).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            code, name = line.split("\t")
            codes[folded(name)] = code
    codes.update({folded(name): code for name, code in OTHER_NAMES.items()})
    return codes


def folded(name):
    """Letters only, without what stands in brackets and without "the", "and", "of", "republic"."""
    name = unicodedata.normalize("NFKD", re.sub(r"\(.*?\)", " ", name)).encode("ascii", "ignore").decode().lower()
    words = [word for word in re.findall("[a-z]+", name.replace("&", " and "))]
    return "".join(word for word in words if word not in ("the", "and", "of", "republic", "rep"))


# As the two lists of the ITU spell what ISO 3166 spells otherwise.
OTHER_NAMES = {
    "United Kingdom": "GB", "Russian Federation": "RU", "Korea (Rep. of)": "KR", "Viet Nam": "VN", "Vatican City": "VA",
    "Czech Republic": "CZ", "Turkey": "TR", "The Former Yugoslav Republic of Macedonia": "MK", "North Macedonia": "MK",
    "Bosnia and Herzegovina": "BA", "Moldova": "MD", "Moldova (Republic of)": "MD", "Iran (Islamic Republic of)": "IR",
    "Islamic Republic of Iran": "IR", "Syrian Arab Republic": "SY", "Syria": "SY", "Lao People's Democratic Republic": "LA",
    "Laos": "LA", "Hong Kong, China": "HK", "Macao, China": "MO", "Macau": "MO", "Taiwan, China": "TW", "Taiwan": "TW",
    "Brunei Darussalam": "BN", "Myanmar": "MM", "Cape Verde": "CV", "Cabo Verde": "CV", "Cote d'Ivoire": "CI",
    "Democratic Republic of the Congo": "CD", "Dem. Rep. of the Congo": "CD", "Swaziland": "SZ", "Eswatini": "SZ",
    "Tanzania": "TZ", "Venezuela (Bolivarian Republic of)": "VE", "Bolivia (Plurinational State of)": "BO",
    "Micronesia": "FM", "Timor-Leste": "TL", "British Virgin Islands": "VG", "United States Virgin Islands": "VI",
    "Turks and Caicos Islands": "TC", "Saint Kitts and Nevis": "KN", "Saint Lucia": "LC", "Antigua and Barbuda": "AG",
    "Trinidad and Tobago": "TT", "Sao Tome and Principe": "ST", "Palestine, State of": "PS", "Palestine": "PS",
    "United Arab Emirates (Abu Dhabi)": "AE", "United Arab Emirates (Dubai)": "AE", "China": "CN", "India": "IN",
    "Democratic People's Republic of Korea": "KP", "North Korea": "KP", "Kosovo": "XK", "Falkland Islands (Malvinas)": "FK",
    "Saint Pierre and Miquelon": "PM", "Faroe Islands": "FO", "Reunion": "RE", "French Departments and Territories in the "
    "Indian Ocean": "", "Central African Republic": "CF", "Dominican Republic": "DO", "South Africa": "ZA", "Mayotte": "YT",
    "Lao P.D.R.": "LA", "Dem. People's Rep. of Korea": "KP", "Saint Vincent and the Grenadines": "VC", "T\u00fcrkiye": "TR",
    "American Samoa": "AS", "Saint Helena, Ascension and Tristan da Cunha": "SH", "Northern Marianas": "MP",
    "Bonaire, Sint Eustatius and Saba": "BQ",
}


def e212(args):
    """The country of each mobile country code that has one, and how many digits its operators' codes have where that is one
    number. tshark's list spells the country; the second list must agree wherever it has the code."""
    codes = countries(args.iso3166)
    listed = subprocess.run(["tshark", "-G", "values"], capture_output=True, text=True, check=True).stdout
    second, digits = {}, {}
    for row in json.loads(Path(args.e212).read_text(encoding="utf-8")):
        if row["mcc"] and row["mnc"] and row["countryCode"]:
            second.setdefault(int(row["mcc"]), set()).update(row["countryCode"].split("/"))
            digits.setdefault(int(row["mcc"]), set()).add(len(row["mnc"].split("-")[0].strip()))
    rows = {}
    for fields in (line.split("\t") for line in listed.splitlines()):
        if len(fields) < 4 or fields[0] != "V" or fields[1].lower() != "e212.mcc" or fields[3] == "Unassigned":
            continue
        mcc, code = int(fields[2]), codes.get(folded(fields[3]), "")
        if not code or mcc > 999 or " / " in fields[3]:
            print(f"e212: {mcc} {fields[3]}: left out")
        elif mcc in second and code not in second[mcc]:
            print(f"e212: {mcc} {fields[3]}: {code}, the second list has {second[mcc]}: left out")
        else:
            rows[mcc] = code + (" 2" if digits.get(mcc) == {2} else "")
    write("e212", sorted(rows.items()), {
        "origin": "ITU-T E.212 mobile country codes, as Wireshark lists them; codes of several territories are left out",
        "publisher": "ITU", "licence": "facts of a public registry",
        "packages": [{"package": "Wireshark", "version": args.wireshark_version, "as_of": args.wireshark_date},
                     {"package": "mcc-mnc-list, as a second list", "version": args.e212_version, "as_of": args.e212_date}],
        "as_of": args.wireshark_date,
        "note": "A country of ISO 3166, and 2 where all its operators have codes of two digits."})


def e118(args):
    """Per issuer of SIM cards (the digits after 89) its country, and the country of a country code all of whose issuers have
    the same one."""
    codes = countries(args.iso3166)
    text = (Path(args.e118) / "dist" / "list.js").read_text(encoding="utf-8")
    version = json.loads((Path(args.e118) / "package.json").read_text())["version"]
    rows, per_code, unknown = {}, {}, set()
    line = r"\[\s*89(\d{2,5}),\s*'\d*',\s*(\d+),\s*(?:'((?:[^'\\]|\\.)*)'|\"([^\"]*)\")"
    for iin, country_code, name, quoted in re.findall(line, text):
        name = name or quoted
        code = codes.get(folded(name.replace("\\'", "'")), "")
        if not code:
            unknown.add(name)
        per_code.setdefault(int(country_code), set()).add(code)
        if code:
            rows[int(iin)] = code
    # 1 and 7 are shared by countries whose issuers are not all listed.
    shared = {1, 7, 39, 44, 47, 61, 212, 262, 290, 358, 590, 596, 599, 672}
    for country_code, found in per_code.items():
        if len(found) == 1 and country_code not in shared and (code := next(iter(found))):
            rows[country_code] = code
    # An issuer of its country's own country says nothing more.
    rows = {number: code for number, code in rows.items()
            if not any(rows.get(int(str(number)[:size])) == code for size in range(1, len(str(number))))}
    print("e118: without a country:", ", ".join(sorted(unknown)))
    write("e118", sorted(rows.items()), {
        "origin": "ITU-T E.118 issuer identifier numbers (the digits after 89), as e118-iin-list has them: their country",
        "publisher": "ITU", "licence": "BSD-3-Clause (the list); facts of a public registry; companies left out",
        "packages": [{"package": "e118-iin-list (npm)", "version": version, "as_of": args.e118_date}],
        "as_of": args.e118_date,
        "note": "A country code stands for all its issuers where they are of one country; then they are left out."})


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
    parser.add_argument("--iso3166", default="/usr/share/zoneinfo/iso3166.tab", help="codes and names of countries")
    parser.add_argument("--e212", help="mcc-mnc-list.json of mcc-mnc-list")
    parser.add_argument("--e212-version", default="97bc1652")
    parser.add_argument("--e212-date", default="2023-04-04", help="day of that version")
    parser.add_argument("--e118", help="folder of the unpacked package e118-iin-list")
    parser.add_argument("--e118-date", default="2024-02-01", help="day of the ITU's bulletin that it follows")
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
    if args.e212:
        e212(args)
    if args.e118:
        e118(args)
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
