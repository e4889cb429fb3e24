package main

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"

	"hotlight/project/export"
	"hotlight/project/volume"
)

// readsDefinition is the project of the report that is measured: an organ, lesions, an ordinal and a nominal question, a measurement.
const readsDefinition = `
schema: hotlight.project/1
project: {id: org.example.bench, title: Bench, version: 1}
classes:
  - {id: liver, value: 1, name: Liver, color: "#b5651d", tolerance_mm: 2, category: {scheme: SCT, code: "91723000", meaning: Anatomical Structure}, type: {scheme: SCT, code: "10200004", meaning: Liver}}
  - {id: nodule, value: 2, name: Nodule, color: "#e03131", kind: detection, geometry: [box3d], category: {scheme: SCT, code: "49755003", meaning: Morphologically Abnormal Structure}, type: {scheme: SCT, code: "27925004", meaning: Nodule}}
  - {id: axis, name: Long axis, color: "#e03131", kind: measurement, category: {scheme: SCT, code: "49755003", meaning: Morphologically Abnormal Structure}, type: {scheme: SCT, code: "4147007", meaning: Mass}}
study_form:
  - {id: quality, type: enum, required: true, values: [{id: good}, {id: limited}, {id: bad}]}
  - {id: grade, type: enum, ordinal: true, required: true, values: [{id: "1"}, {id: "2"}, {id: "3"}, {id: "4"}, {id: "5"}]}
reading:
  stages: [{id: blinded, role: radiologist, readers: 3}]
resolution:
  classes:
    liver: {method: majority, adjudicate_if: "min_pair_dice < 0.7"}
    nodule: {match: {criterion: center_in_box_or_iou, iou: 0.2}, presence: {rule: 2 of 3}, box: median_corners}
  forms: {grade: {rule: median}, quality: {rule: worst}}
  measurements: {axis: {rule: median, adjudicate_if: "rel_range > 0.5"}}
metrics:
  bootstrap: {replicates: 2000, unit: patient, method: percentile, seed: 20260110}
  strata: [modality, batch, site, reader_pair]
  gates: [{metric: dice, class: liver, stat: median, min: 0.8, use: ci_lower}]
`

// makeReads writes a folder of reads: studies of three readers and a reference, small masks, two patients in ten with two studies.
func makeReads(dir string, studies int) error {
	var listed []map[string]any
	for n := range studies {
		id := fmt.Sprintf("S%04d", n)
		listed = append(listed, map[string]any{"id": id, "patient": fmt.Sprintf("P%04d", n-n%10/9), "modality": []string{"CT", "MR"}[n%2], "batch": strconv.Itoa(n % 4), "site": []string{"A", "B"}[n/2%2], "slices": 24})
		for reader, who := range []string{"A", "B", "C", "truth"} {
			if err := makeRead(dir, id, who, n, reader); err != nil {
				return err
			}
		}
	}
	var people []map[string]any
	for _, who := range []string{"A", "B", "C"} {
		people = append(people, map[string]any{"id": who, "role": "radiologist"})
	}
	people = append(people, map[string]any{"id": "truth", "role": "reference"})
	if err := os.WriteFile(filepath.Join(dir, "definition.yaml"), []byte(readsDefinition), 0o644); err != nil {
		return err
	}
	return writeJSON(filepath.Join(dir, "panel.json"), map[string]any{"schema": "hotlight.panel/1", "readers": people, "studies": listed})
}

func makeRead(dir, study, who string, n, reader int) error {
	mask := "masks/" + study + "." + who + ".nii.gz"
	if err := makeLabels(filepath.Join(dir, mask), n, reader); err != nil {
		return err
	}
	var marks []map[string]any
	for k := range 3 {
		if (n*5+k*3+reader)%7 == 0 {
			continue
		}
		x := float64(20*k + n%5 + reader)
		marks = append(marks, map[string]any{"class": "nodule", "number": k + 1, "min_mm": []float64{x, 10, 10}, "max_mm": []float64{x + 9, 19, 18}, "rating": 1 + (n+k*reader)%5})
	}
	read := map[string]any{"schema": "hotlight.read/1", "study": study, "reader": who, "marks": marks,
		"masks": []any{map[string]any{"file": mask, "segments": []any{map[string]any{"label": 1, "class": "liver"}}}}}
	if who != "truth" {
		read["seconds"] = 300 + n*7%200 + 20*reader
		read["answers"] = map[string]any{"quality": []string{"good", "good", "good", "limited", "bad"}[(n+reader)%5], "grade": strconv.Itoa(1 + min(4, n%5+reader%2*(n%3)))}
		read["measurements"] = []any{map[string]any{"class": "axis", "target": "T1", "value": 20 + float64(n%17) + 0.3*float64(reader), "unit": "mm"}}
	}
	return writeJSON(filepath.Join(dir, "reads", study+"."+who+".json"), read)
}

// makeLabels writes a ball that is a little elsewhere for each reader.
func makeLabels(path string, n, reader int) error {
	g := volume.Geometry{Size: [3]int{64, 64, 24}, Spacing: [3]float64{2, 2, 3}, Direction: [9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}}
	v, err := volume.New(g, volume.Uint16)
	if err != nil {
		return err
	}
	x, y, z, r := 31+reader, 31-n%3, 12, 18+n%5+reader%2
	for k := range 24 {
		for j := range 64 {
			for i := range 64 {
				if d := (i-x)*(i-x) + (j-y)*(j-y) + (k-z)*(k-z)*9/4; d < r*r {
					v.Uint16[(k*64+j)*64+i] = 1
				}
			}
		}
	}
	v.ArriveAll()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return export.WriteNIfTI(path, v, export.Options{})
}

func writeJSON(path string, v any) error {
	b, err := json.Marshal(v)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o644)
}
