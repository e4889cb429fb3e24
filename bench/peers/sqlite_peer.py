"""SQLite in WAL mode, synchronous=FULL: commit FOLDER BYTES. Each commit is a figure."""
import os
import sqlite3
import sys
import time

folder, size = sys.argv[2], int(sys.argv[3])
path = os.path.join(folder, "sqlite-%d.db" % os.getpid())
value = os.urandom(size)
db = sqlite3.connect(path, isolation_level=None)
db.execute("pragma journal_mode=WAL")
db.execute("pragma synchronous=FULL")
db.execute("create table changes(number integer primary key, value blob)")
print("ready", flush=True)
number = 0
try:
    for _ in sys.stdin:
        seconds = []
        for _ in range(100):
            number += 1
            start = time.perf_counter()
            db.execute("insert into changes values(?,?)", (number, value))
            seconds.append(time.perf_counter() - start)
        print("T " + " ".join("%.9f" % s for s in seconds) + " |", flush=True)
finally:
    db.close()
    for suffix in ("", "-wal", "-shm"):
        if os.path.exists(path + suffix):
            os.remove(path + suffix)
