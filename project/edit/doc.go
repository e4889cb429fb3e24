// Package edit is the one way to change a read: operations, their history, strokes in progress, and who is told.
//
// An Op says what to do, in the JSON of the command line. History does it and makes an Entry: the record of the change, with what was there
// before and after, complete enough to be replayed without the images. Entries form an append-only journal. Undo and redo are entries as
// well: they move a cursor over the tree of changes that the entries make by naming their parents. A change made after an undo starts a
// branch, redo follows the newest branch, and older ones stay in the journal.
//
// The package saves nothing: whoever subscribes gets each entry and appends it to the store. It knows no times and no people; the audit event
// that is stored with an entry has them.
//
// Threads: any number of goroutines may call Set, Preview, CanUndo and CanRedo; they take no locks. All that changes something goes
// one after another under the history's own lock, and subscribers are called under it, in order: they must not change the history themselves.
//
// Words: the journal is all entries by Seq. A change is an entry that did something; its number in the tree is its Seq. The cursor is the
// change that was done last and is not undone, 0 before the first.
package edit
