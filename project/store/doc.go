// Package store keeps a project on disk: its signed definitions, work items, the index of their images, reads with their journals, the outbox, what was
// received, and the audit log. STORE.md beside this file is the format.
//
// A project folder belongs to one person, whose keys.Holder opens it, and is open in one process at a time. Every value is sealed, every change is
// in one transaction with its audit event, and nothing is called saved before it is on the disk. A write that fails fences the store: it is read-only from
// then on, and strokes go to an emergency file that the next Open takes in.
//
// It uses bbolt for pages, project/keys for the holder's keys, project/audit for the log, project/edit for journal entries, and
// project/{volume,segmentation} for what Check recomputes. It knows nothing of windows, networks or DICOM files.
package store
