package ingest

import (
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"

	"hotlight/project/dcm"
)

// dcm2niix makes as many volumes of a repeated series as we do, with as many slices each.
func TestSplittingAgreesWithDcm2niix(t *testing.T) {
	dcm2niix, err := exec.LookPath("dcm2niix")
	if err != nil {
		t.Skip("dcm2niix is not installed here, so there is nothing independent to compare with")
	}
	mr := func(how func(p, k int) edit) func(p, k int) edit {
		return func(p, k int) edit {
			return func(d *dcm.DataSet) {
				d.Set(dcm.Modality, dcm.CS, "MR").Set(dcm.SOPClassUID, dcm.UI, "1.2.840.10008.5.1.4.1.1.4").Set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", "M").
					Set(dcm.Manufacturer, dcm.LO, "SIEMENS").Set(dcm.EchoTime, dcm.DS, 3).Set(dcm.SliceThickness, dcm.DS, 1).Set(dcm.AcquisitionNumber, dcm.IS, 1)
				how(p, k)(d)
			}
		}
	}
	for name, pictures := range map[string][]*dcm.DataSet{
		"echoes": repeated(2, mr(func(p, _ int) edit {
			return func(d *dcm.DataSet) { d.Set(dcm.EchoNumbers, dcm.IS, p+1).Set(dcm.EchoTime, dcm.DS, 5+5*p) }
		})),
		"acquisitions":        repeated(3, mr(func(p, _ int) edit { return set(dcm.AcquisitionNumber, dcm.IS, p+1) })),
		"magnitude and phase": repeated(2, mr(func(p, _ int) edit { return set(dcm.ImageType, dcm.CS, "ORIGINAL", "PRIMARY", []string{"M", "P"}[p]) })),
		"trigger times":       repeated(4, mr(func(p, k int) edit { return set(dcm.TriggerTime, dcm.DS, 30*p+k) })),
		"one volume":          repeated(1, mr(func(_, _ int) edit { return without() })),
	} {
		t.Run(name, func(t *testing.T) {
			dir := folder(t, pictures...)
			var ours, theirs []int
			for _, m := range onlySeries(t, scan(t, dir)).Volumes {
				ours = append(ours, m.Geometry.Size[2])
			}
			out := t.TempDir()
			if msg, err := exec.Command(dcm2niix, "-b", "n", "-z", "n", "-f", "%e_%s", "-o", out, dir).CombinedOutput(); err != nil {
				t.Fatalf("dcm2niix: %v\n%s", err, msg)
			}
			files, _ := filepath.Glob(filepath.Join(out, "*.nii"))
			for _, name := range files {
				raw, err := os.ReadFile(name)
				if err != nil || len(raw) < 352 {
					t.Fatal(err)
				}
				dim := func(n int) int { return int(binary.LittleEndian.Uint16(raw[40+2*n:])) } // dim[3] slices, dim[4] volumes (nifti1.h)
				for range max(1, dim(4)) {
					theirs = append(theirs, dim(3))
				}
			}
			if !slices.Equal(ours, theirs) {
				t.Errorf("ours %v, dcm2niix %v", ours, theirs)
			}
			t.Log(fmt.Sprint(ours))
		})
	}
}
