# Prints, for each file named on standard input, what pydicom finds in it: a line "file TAB path TAB VR TAB values TAB raw", values as JSON; raw is the length
# and the checksum of the bytes in the file, where pydicom still has them.
# Run by TestSecondOpinion; paths are tags in hexadecimal, with the item's number in sequences.
import json
import sys
import warnings
import zlib

import pydicom
from pydicom.dataelem import RawDataElement
from pydicom.multival import MultiValue

warnings.simplefilter("ignore")


def values(element):
    v = element.value
    if v is None or v == "" or v == b"":
        return []
    v = list(v) if isinstance(v, (MultiValue, list)) else [v]
    if element.VR in ("DS", "FL", "FD"):
        return [float(x) for x in v]
    if element.VR in ("IS", "US", "SS", "UL", "SL", "UV", "SV"):
        return [int(x) for x in v]
    if element.VR == "AT":
        return [int(x) for x in v]
    if isinstance(v[0], bytes):
        return [len(v[0]), zlib.crc32(v[0])]
    return [str(x) for x in v]


def walk(name, prefix, dataset):
    for tag in dataset.keys():
        path = "%s%08X" % (prefix, int(tag))
        if int(tag) & 0xFFFF == 0 or int(tag) == 0x7FE00010:
            continue
        raw = dataset.get_item(tag)
        raw = [len(raw.value), zlib.crc32(raw.value)] if isinstance(raw, RawDataElement) and isinstance(raw.value, bytes) else []
        try:
            element = dataset[tag]
        except Exception as e:
            print(name, path, "??", json.dumps([type(e).__name__]), sep="\t")
            continue
        if element.VR == "SQ":
            print(name, path, "SQ", json.dumps([len(element.value)]), sep="\t")
            for n, item in enumerate(element.value):
                walk(name, "%s/%d/" % (path, n), item)
            continue
        try:
            print(name, path, element.VR, json.dumps(values(element)), json.dumps(raw), sep="\t")
        except Exception as e:
            print(name, path, "??", json.dumps([type(e).__name__]), sep="\t")


for line in sys.stdin:
    name = line.rstrip("\n")
    try:
        walk(name, "", pydicom.dcmread(name, force=True, stop_before_pixels=True))
    except Exception as e:
        print(name, "-", "??", json.dumps([type(e).__name__]), sep="\t")
