package ingest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hotlight/project"
	"hotlight/project/dcm"
)

// record is an image's record in a medium's directory; LO, since CS would not let bad File IDs be written.
func record(uid string, id ...string) *dcm.DataSet {
	d := dcm.NewDataSet().Set(dcm.DirectoryRecordType, dcm.CS, "IMAGE").Set(tagRecordInUseFlag, dcm.US, 0xFFFF).Set(dcm.ReferencedFileID, dcm.LO, id)
	if uid != "" {
		d.Set(tagReferencedInstanceInFile, dcm.UI, uid)
	}
	return d
}

func directory(t *testing.T, records ...*dcm.DataSet) []byte {
	return encode(t, dcm.NewDataSet().Set(dcm.SOPClassUID, dcm.UI, mediaDirectory).Set(dcm.SOPInstanceUID, dcm.UI, "2.25.5").
		Set(dcm.DirectoryRecordSequence, dcm.SQ, append([]*dcm.DataSet{dcm.NewDataSet().Set(dcm.DirectoryRecordType, dcm.CS, "PATIENT")}, records...)))
}

func texts(list []project.Warning) string {
	var out []string
	for _, w := range list {
		out = append(out, string(w.Code)+": "+w.Text)
	}
	return strings.Join(out, "\n")
}

func TestADiscIsComparedWithItsDirectory(t *testing.T) {
	retired := record("2.25.77.8", "GONE")
	retired.Set(tagRecordInUseFlag, dcm.US, 0)
	for name, c := range map[string]struct {
		records []*dcm.DataSet
		reason  string // of the directory itself
		want    string
		missing []string
	}{
		"complete, names in the other case and with a version": {[]*dcm.DataSet{record("2.25.77.1", "PT", "IM1"), record("", "PT", "IM2"), retired},
			"2 of 2 files that it lists are here", "", nil},
		"the whole path in one value": {[]*dcm.DataSet{record("", "PT/IM1"), record("", "PT/IM2")}, "2 of 2 files that it lists are here", "", nil},
		"one file is missing": {[]*dcm.DataSet{record("", "PT", "IM1"), record("", "PT", "IM2"), record("2.25.77.3", "PT", "IM3")}, "2 of 3 files that it lists are here",
			"media: The directory of a disc lists 3 files, of which 1 is missing.", []string{"IM3"}},
		"one file is not listed": {[]*dcm.DataSet{record("", "PT", "IM1")}, "1 of 1 file that it lists are here",
			"media: 1 file is on a disc that its directory does not list; they were read as well.", nil},
		"another picture under the name": {[]*dcm.DataSet{record("2.25.77.9", "PT", "IM1"), record("2.25.77.2", "PT", "IM2")}, "2 of 2 files that it lists are here",
			"media: 1 file of a disc hold another picture than its directory says; the files count.", nil},
		"the directory of another disc": {[]*dcm.DataSet{record("", "A"), record("", "B")}, "none of the 2 files that it lists is here",
			"media: The directory of a disc lists 2 files, of which 2 are missing.", nil},
		"no files": {nil, "lists no file", "media: The directory of a disc lists no file; what is on the disc was read.", nil},
		"paths that lead out": {[]*dcm.DataSet{record("", "PT", "IM1"), record("", "PT", "IM2"), record("", "..", "SECRET"), record("", "PT", "..", "..", "SECRET"), record("", "/", "ETC"),
			record("", "C:", "X"), record("", "../SECRET"), record("", "PT", "", "IM1")}, "2 of 2 files that it lists are here",
			"media: The directory of a disc names 6 files outside of it; that was not followed.", nil},
	} {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "disc")
			save(t, filepath.Join(dir, "pt", "im1"), encode(t, picture(number(1))))
			save(t, filepath.Join(dir, "pt", "IM2.;1"), encode(t, picture(number(2), at(1))))
			save(t, filepath.Join(dir, "DicomDir"), directory(t, c.records...))
			save(t, filepath.Join(dir, "..", "SECRET"), encode(t, picture(number(3), at(2))))
			for _, path := range []string{dir, filepath.Join(dir, "DicomDir")} {
				r := scan(t, path)
				if s := onlySeries(t, r); s.Instances != 2 {
					t.Errorf("%d files were read, want 2", s.Instances)
				}
				got := reasons(r)
				if !strings.Contains(got["DicomDir"], c.reason) || texts(r.Warnings) != c.want || len(got) != 1+len(c.missing) {
					t.Errorf("%q\n%q\nwant\n%q\n%q", got, texts(r.Warnings), c.reason, c.want)
				}
				for _, name := range c.missing {
					if !strings.Contains(got[name], "listed in the directory of the disc") {
						t.Errorf("%q does not name %s", got, name)
					}
				}
			}
		})
	}
}

func TestADiscThatCannotBeTrusted(t *testing.T) {
	base := t.TempDir()
	dir := filepath.Join(base, "disc")
	whole := directory(t, record("", "IM1"), record("", "AWAY", "IM9"))
	save(t, filepath.Join(dir, "DICOMDIR"), whole)
	save(t, filepath.Join(dir, "IM1"), encode(t, picture(number(1))))
	save(t, filepath.Join(base, "home", "IM9"), encode(t, picture(number(9), at(9))))
	if err := os.Symlink(filepath.Join(base, "home"), filepath.Join(dir, "AWAY")); err != nil {
		t.Skip("links cannot be made here: ", err)
	}
	os.Symlink(filepath.Join(base, "home", "IM9"), filepath.Join(dir, "IM2"))
	os.Symlink(filepath.Join(dir, "IM1"), filepath.Join(dir, "IM3"))
	r := scan(t, dir)
	if s := onlySeries(t, r); s.Instances != 1 || !strings.Contains(reasons(r)["AWAY"], "away from the disc") || !strings.Contains(reasons(r)["IM2"], "away from the disc") {
		t.Errorf("%d files, %+v", s.Instances, r.Skipped)
	}
	// A damaged directory hides nothing.
	save(t, filepath.Join(dir, "DICOMDIR"), whole[:len(whole)-20])
	if r = scan(t, dir); onlySeries(t, r).Instances != 1 || !strings.Contains(texts(r.Warnings), "media: The directory of a disc cannot be read") {
		t.Errorf("%+v", r)
	}
	// A picture whose name begins like a directory's is a picture.
	save(t, filepath.Join(base, "p", "DICOMDIR1"), encode(t, picture(number(1))))
	save(t, filepath.Join(base, "p", "other"), encode(t, picture(number(2))))
	if s := onlySeries(t, scan(t, filepath.Join(base, "p", "DICOMDIR1"))); s.Instances != 1 {
		t.Errorf("%d files for one that was named", s.Instances)
	}
}

// pydicom's discs: one good directory, and others that are empty, in odd order, without offsets or patients, in other encodings.
func TestDiscsOfTheTestImages(t *testing.T) {
	dir := filepath.Join(sharedData(t), "media", "dicomdirtests")
	for name, want := range map[string]string{"DICOMDIR": "31 of 31", "DICOMDIR-bigEnd": "31 of 31", "DICOMDIR-implicit": "31 of 31", "DICOMDIR-nooffset": "31 of 31",
		"DICOMDIR-nopatient": "31 of 31", "DICOMDIR-reordered": "31 of 31", "DICOMDIR-empty.dcm": "lists no file", "TINY_ALPHA/DICOMDIR": "50 of 50"} {
		r := scan(t, filepath.Join(dir, name))
		if got := reasons(r)[filepath.Base(name)]; name != "DICOMDIR" && name != "TINY_ALPHA/DICOMDIR" && !strings.Contains(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
		if strings.Contains(want, "of") == (len(r.Warnings) > 0) {
			t.Errorf("%s: %v", name, r.Warnings)
		}
		files := 0
		for _, study := range r.Studies {
			for _, s := range study.Series {
				files += s.Instances
			}
		}
		if all := 81; files != all && !strings.HasPrefix(name, "TINY") || strings.HasPrefix(name, "TINY") && files != 50 {
			t.Errorf("%s: %d files", name, files)
		}
	}
}
