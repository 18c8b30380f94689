#!/usr/bin/env python3
"""curve.py ORDERS FOOTPRINTS: one CSV of both. Its time begins with the first order."""
import sys

orders = [line.split() for line in open(sys.argv[1])]
names = {domid: name for _, domid, name, _ in orders}
zero = float(orders[0][0])
rows = []
for at, domid, name, what in orders:
    rows.append((float(at) - zero, 0, name, what, "", ""))
for line in open(sys.argv[2]):
    at, domid, total, paged = line.split()
    if domid in names:
        rows.append((float(at) - zero, 1, names[domid], "", int(total) * 4, int(paged) * 4))
print("seconds,domain,order,footprint_kib,paged_kib")
for at, _, name, order, footprint, paged in sorted(rows, key=lambda row: (row[0], row[1], row[2])):
    print(f"{at:.2f},{name},{order},{footprint},{paged}")
