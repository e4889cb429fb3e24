package store

import "hotlight/project/disk"

// InstanceBytes is about how much the store needs for one instance of an item: its identity, digest and place.
const InstanceBytes = 1 << 10

// RoomFor returns how many bytes must be free on the disk for a record of n to be written: it is copied into new pages with those that lead to it, and the file
// grows by whole steps.
func RoomFor(n int) int64 { return 2*int64(n) + 2*allocSize }

// room refuses a record of about n bytes that the disk has no room for, with project.Full. Nothing has happened then; a write that runs out of room would
// fence the store. Strokes are not asked for: they are small, and the emergency file has room for them.
func (s *Store) room(n int) error {
	if s.options.unasked {
		return nil
	}
	return disk.Need(s.dir, RoomFor(n))
}
