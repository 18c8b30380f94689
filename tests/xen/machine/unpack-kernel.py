"""Unpacks a bzImage to the ELF inside, so that nothing is unpacked again in every boot, under emulation."""
import lzma
import struct
import sys

image = open(sys.argv[1], "rb").read()
setup = (image[0x1F1] + 1) * 512
offset, length = struct.unpack_from("<II", image, 0x248)
packed = image[setup + offset : setup + offset + length - 4]  # the last 4 bytes are the unpacked size
kernel = lzma.decompress(packed)
assert kernel[:4] == b"\x7fELF", "the kernel's payload is no ELF"
open(sys.argv[2], "wb").write(kernel)
