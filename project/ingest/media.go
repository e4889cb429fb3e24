package ingest

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"hotlight/project"
	"hotlight/project/dcm"
)

// medium is a disc or a copy of one: a folder with a DICOMDIR. Its directory says which files belong to it, so that a missing one is noticed. Paths of
// records are only compared with the files that the walk found; they are never opened, so no record can lead out of the medium.
type medium struct {
	path    string            // of its DICOMDIR
	listed  map[string]string // Referenced File ID as fileKey gives it: the SOP Instance UID that the record names, or ""
	order   []string          // the keys in the order of the records
	strange int               // records whose File ID leads out of the medium or is no path
}

// Elements of a directory's records (PS3.3 F.3.2.2).
const (
	tagRecordInUseFlag          dcm.Tag = 0x00041410
	tagReferencedInstanceInFile dcm.Tag = 0x00041511
)

// isMediaName reports whether a file has the name that a medium's directory has (PS3.10 8.6), in any case and as ISO 9660 may show it.
func isMediaName(name string) bool {
	return strings.EqualFold(strings.TrimSuffix(strings.TrimSuffix(name, ";1"), "."), "DICOMDIR")
}

// isDirectory reports whether the data set is a medium's directory.
func isDirectory(d *dcm.DataSet) bool {
	return text(d, dcm.SOPClassUID) == mediaDirectory || d.Has(dcm.DirectoryRecordSequence)
}

// isDirectoryFile reports whether a file that the caller named is a disc's directory, whatever follows its name: then the disc is meant, not this
// one file.
func isDirectoryFile(path string) bool {
	name := filepath.Base(path)
	if len(name) < len("DICOMDIR") || !strings.EqualFold(name[:len("DICOMDIR")], "DICOMDIR") {
		return false
	}
	f, err := dcm.Open(path, dcm.Options{HeaderOnly: true})
	return err == nil && isDirectory(f.Data)
}

// readMedium collects the files that the records in use name, whatever their order and however their offsets are broken: what a file is and
// belongs to is read from the file.
func readMedium(path string, d *dcm.DataSet) *medium {
	m := &medium{path: path, listed: map[string]string{}}
	for _, record := range d.Items(dcm.DirectoryRecordSequence) {
		id := record.Strings(dcm.ReferencedFileID)
		if inUse, ok := record.Int(tagRecordInUseFlag); len(id) == 0 || ok && inUse == 0 {
			continue
		}
		key, ok := recordKey(id)
		if !ok {
			m.strange++
			continue
		}
		if _, twice := m.listed[key]; !twice {
			m.order = append(m.order, key)
		}
		m.listed[key] = text(record, tagReferencedInstanceInFile)
	}
	return m
}

// recordKey joins the components of a File ID. Some writers put the whole path into one value, with slashes. ok is false for what would leave the
// medium: a path from the root, a drive, a step upwards.
func recordKey(id []string) (key string, ok bool) {
	whole := strings.Join(id, "/")
	if strings.ContainsAny(whole, "\x00:") {
		return "", false
	}
	for _, part := range strings.Split(whole, "/") {
		if part == "" || part == "." || part == ".." {
			return "", false
		}
	}
	return fileKey(whole), true
}

// fileKey makes one spelling of a path below the medium: discs show names in either case, with a version or a final dot.
func fileKey(relative string) string {
	parts := strings.Split(filepath.ToSlash(relative), "/")
	for n, part := range parts {
		part, _, _ = strings.Cut(part, ";")
		parts[n] = strings.ToUpper(strings.TrimSuffix(part, "."))
	}
	return strings.Join(parts, "/")
}

// below returns the key of a file on the medium; ok is false for files elsewhere.
func (m *medium) below(path string) (key string, ok bool) {
	relative, err := filepath.Rel(filepath.Dir(m.path), path)
	if err != nil || relative == ".." || strings.HasPrefix(relative, ".."+string(filepath.Separator)) {
		return "", false
	}
	return fileKey(relative), true
}

// compareMedia says of each medium how its directory and its files agree. A directory that is wrong or poor hides nothing: files that it does not
// list are read like all others. media are in path order.
func compareMedia(media []*medium, files []found, read []headerRead, r *Result) {
	here := make([]map[string]bool, len(media)) // keys of all files of each medium
	unlisted, others := make([]int, len(media)), make([]int, len(media))
	for n := range media {
		here[n] = map[string]bool{}
	}
	for f, file := range files {
		owner := -1
		for n, m := range media {
			key, ok := m.below(file.path)
			if !ok {
				continue
			}
			here[n][key] = true
			if owner < 0 || len(m.path) > len(media[owner].path) { // a disc copied into a folder of another disc
				owner = n
			}
		}
		if x := read[f].instance; owner >= 0 && x != nil {
			key, _ := media[owner].below(file.path)
			uid, ok := media[owner].listed[key]
			switch {
			case !ok:
				unlisted[owner]++
			case uid != "" && uid != string(x.uid):
				others[owner]++
			}
		}
	}
	for n, m := range media {
		m.report(here[n], unlisted[n], others[n], r)
	}
}

func (m *medium) report(here map[string]bool, unlisted, others int, r *Result) {
	missing := slices.DeleteFunc(slices.Clone(m.order), func(key string) bool { return here[key] })
	switch {
	case len(m.order) == 0:
		r.skip(m.path, "the directory of a disc (DICOMDIR) lists no file: the folder's own files were read")
	case len(missing) == len(m.order):
		r.skip(m.path, "the directory of a disc (DICOMDIR), but none of the "+count(len(m.order), "file")+" that it lists is here: the folder's own files were read")
	default:
		r.skip(m.path, "the directory of a disc (DICOMDIR): "+strconv.Itoa(len(m.order)-len(missing))+" of "+count(len(m.order), "file")+" that it lists are here")
		for _, key := range missing {
			r.skip(filepath.Join(filepath.Dir(m.path), filepath.FromSlash(key)), "listed in the directory of the disc (DICOMDIR), but not there")
		}
	}
	if len(m.order) == 0 {
		r.warn(project.WarnMedia, "The directory of a disc lists no file; what is on the disc was read.")
	}
	if len(missing) > 0 {
		r.warn(project.WarnMedia, "The directory of a disc lists %s, of which %s missing.", count(len(m.order), "file"), areMissing(len(missing)))
	}
	if unlisted > 0 && len(missing) < len(m.order) {
		r.warn(project.WarnMedia, "%s on a disc that its directory does not list; they were read as well.", areFiles(unlisted))
	}
	if others > 0 {
		r.warn(project.WarnMedia, "%s of a disc hold another picture than its directory says; the files count.", count(others, "file"))
	}
	if m.strange > 0 {
		r.warn(project.WarnMedia, "The directory of a disc names %s outside of it; that was not followed.", count(m.strange, "file"))
	}
}

func areMissing(n int) string {
	if n == 1 {
		return "1 is"
	}
	return strconv.Itoa(n) + " are"
}

func areFiles(n int) string {
	if n == 1 {
		return "1 file is"
	}
	return count(n, "file") + " are"
}

func (r *Result) skip(path, reason string) { r.Skipped = append(r.Skipped, Skipped{path, reason}) }
