// Package disk says how much room there is where something large is about to be written, and whether an error means that there was none.
//
// It answers for the moment only: others write too, quotas may be smaller than disks, and a file system may compress. So a check before a long write saves
// the work, never the data; whoever writes must leave the old state when the room runs out in the middle.
package disk
