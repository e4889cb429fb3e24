package store

import (
	"encoding/binary"
	"hash/fnv"
	"io"
	"os"
)

// The page layout of bbolt, file format version 2, in the byte order of the machine.
//
// Source: go.etcd.io/bbolt internal/common: page.go, meta.go, inode.go, bucket.go.
const (
	pageHeader  = 16
	pageElement = 16
	boltMagic   = 0xED0CDAED
	flagBranch  = 0x01
	flagLeaf    = 0x02
	flagMeta    = 0x04
	flagFree    = 0x10
	leafBucket  = 0x01
	metaSize    = 64
	noFreelist  = ^uint64(0)
)

var native = binary.NativeEndian

// checkPages walks all pages of a bbolt file before bbolt does. bbolt trusts what they say: a reference in a circle would end the process, and a
// page that is wrongly listed as free would be written over. It checks that every page is reached exactly once or is free, is what it should be,
// and lies in the file. What is in the values is the seals' business.
//
// oneMeta reports that only one of the two meta pages is good. bbolt then goes by the other, which may be the state before the last commit: either a
// power failure tore the page of a commit that was never acknowledged, or the page was damaged later. The file cannot tell which.
func checkPages(path string) (oneMeta bool, err error) {
	f, err := os.Open(path)
	if err != nil {
		return false, openError(err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return false, openError(err)
	}
	return walkPages(f, info.Size())
}

// walkPages is checkPages for anything that can be read like a file.
func walkPages(f io.ReaderAt, size int64) (oneMeta bool, err error) {
	w := &pageWalk{f: f}
	if err := w.meta(size); err != nil {
		return false, err
	}
	w.owner = make([]bool, w.high)
	w.owner[0], w.owner[1] = true, true
	if err := w.tree(w.root, true, 0); err != nil {
		return false, err
	}
	return w.metas == 1, w.free()
}

type pageWalk struct {
	f          io.ReaderAt
	size       uint64 // of a page
	root       uint64
	list, high uint64 // page of the freelist; number of pages
	owner      []bool // pages that were met
	metas      int    // good meta pages
}

func badPage() error { return damaged("a page of the project file is damaged") }

// meta picks the newer of the two meta pages that has a valid checksum.
func (w *pageWalk) meta(fileSize int64) error {
	best, newest := []byte(nil), uint64(0)
	for _, size := range []int64{int64(os.Getpagesize()), 4096, 16384, 65536, 1024, 2048, 8192, 32768} {
		for n := range int64(2) {
			b := make([]byte, pageHeader+metaSize)
			if _, err := w.f.ReadAt(b, n*size); err != nil {
				continue
			}
			m := b[pageHeader:]
			h := fnv.New64a()
			h.Write(m[:56])
			if native.Uint32(m) != boltMagic || native.Uint32(m[4:]) != 2 || int64(native.Uint32(m[8:])) != size || native.Uint64(m[56:]) != h.Sum64() {
				continue
			}
			w.metas++
			if id := native.Uint64(m[48:]); best == nil || id > newest {
				best, newest = m, id
			}
		}
		if best != nil {
			break
		}
	}
	if best == nil {
		return damaged("this is not a project file, or its first pages are damaged")
	}
	w.size, w.root = uint64(native.Uint32(best[8:])), native.Uint64(best[16:])
	w.list, w.high = native.Uint64(best[32:]), native.Uint64(best[40:])
	if w.high < 2 || w.high > uint64(fileSize)/w.size {
		return damaged("the project file is cut short")
	}
	return nil
}

// page reads the first n bytes of a page and marks it and its overflow as met.
func (w *pageWalk) page(id uint64, n int) (b []byte, flags uint16, count int, err error) {
	if id < 2 || id >= w.high {
		return nil, 0, 0, badPage()
	}
	b = make([]byte, n)
	if _, err := w.f.ReadAt(b, int64(id*w.size)); err != nil {
		return nil, 0, 0, badPage()
	}
	overflow := uint64(native.Uint32(b[12:]))
	if native.Uint64(b) != id || overflow >= w.high-id {
		return nil, 0, 0, badPage()
	}
	for p := id; p <= id+overflow; p++ {
		if w.owner[p] {
			return nil, 0, 0, badPage()
		}
		w.owner[p] = true
	}
	if n > pageHeader && overflow > 0 {
		b = make([]byte, (overflow+1)*w.size)
		if _, err := w.f.ReadAt(b, int64(id*w.size)); err != nil {
			return nil, 0, 0, badPage()
		}
	}
	return b, native.Uint16(b[8:]), int(native.Uint16(b[10:])), nil
}

// maxDepth bounds the tree; with at least two children a page, one of this depth would not fit in any file.
const maxDepth = 64

// tree walks the pages below id. names is true in the tree of buckets, whose leaves lead to further trees.
func (w *pageWalk) tree(id uint64, names bool, depth int) error {
	if depth > maxDepth {
		return badPage()
	}
	flags, err := w.kind(id)
	if err != nil {
		return err
	}
	n := int(w.size)
	if flags == flagLeaf && !names {
		n = pageHeader
	}
	b, _, count, err := w.page(id, n)
	if err != nil {
		return err
	}
	switch {
	case flags == flagBranch && count > 0 && pageHeader+count*pageElement <= len(b):
		for i := range count {
			if err := w.tree(native.Uint64(b[pageHeader+i*pageElement+8:]), names, depth+1); err != nil {
				return err
			}
		}
		return nil
	case flags == flagLeaf && !names:
		return nil
	case flags == flagLeaf && pageHeader+count*pageElement <= len(b):
		return w.buckets(b, count, depth)
	}
	return badPage()
}

// kind reads a page's flags alone.
func (w *pageWalk) kind(id uint64) (uint16, error) {
	if id < 2 || id >= w.high {
		return 0, badPage()
	}
	var b [2]byte
	if _, err := w.f.ReadAt(b[:], int64(id*w.size)+8); err != nil {
		return 0, badPage()
	}
	return native.Uint16(b[:]), nil
}

// buckets walks the trees that a leaf of bucket names leads to.
func (w *pageWalk) buckets(b []byte, count, depth int) error {
	for i := range count {
		at := pageHeader + i*pageElement
		flags, pos, key, value := native.Uint32(b[at:]), uint64(native.Uint32(b[at+4:])), uint64(native.Uint32(b[at+8:])), uint64(native.Uint32(b[at+12:]))
		end := uint64(at) + pos + key + value
		if flags != leafBucket || value < 16 || end > uint64(len(b)) {
			return badPage()
		}
		root := native.Uint64(b[end-value:])
		if root == 0 {
			continue // the bucket is small and lies in the leaf itself
		}
		if err := w.tree(root, false, depth+1); err != nil {
			return err
		}
	}
	return nil
}

// free checks that the list of free pages names exactly those that were not met.
func (w *pageWalk) free() error {
	if w.list == noFreelist {
		return nil // bbolt then finds the free pages itself
	}
	b, flags, count, err := w.page(w.list, int(w.size))
	if err != nil || flags != flagFree {
		return badPage()
	}
	ids := b[pageHeader:]
	if count == 0xFFFF { // the count did not fit and stands in front
		count, ids = int(native.Uint64(ids)), ids[8:]
	}
	if count < 0 || count > len(ids)/8 {
		return badPage()
	}
	for i := range count {
		id := native.Uint64(ids[8*i:])
		if id < 2 || id >= w.high || w.owner[id] {
			return badPage()
		}
		w.owner[id] = true
	}
	for _, met := range w.owner {
		if !met {
			return badPage()
		}
	}
	return nil
}
