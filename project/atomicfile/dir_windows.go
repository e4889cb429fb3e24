package atomicfile

// SyncDir does nothing: Windows cannot sync a directory; NTFS writes renames to its own journal.
func SyncDir(string) error { return nil }
