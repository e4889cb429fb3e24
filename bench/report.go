package main

import (
	"context"
	"fmt"
	"path/filepath"
	"strconv"

	"hotlight/project/report"
)

// makeReport: a folder of reads is loaded, every number computed, and the report written in all formats.
func makeReport(args []string) (operation, error) {
	studies, err := strconv.Atoi(args[0])
	if err != nil {
		return nil, err
	}
	reads, out := filepath.Join(args[1], "reads"), filepath.Join(args[1], "out")
	if err := makeReads(reads, studies); err != nil {
		return nil, err
	}
	return func() ([]float64, string, error) {
		note := ""
		seconds, err := timed(1, func() error {
			in, err := report.Load(context.Background(), reads, nil)
			if err != nil {
				return err
			}
			r, err := report.Build(context.Background(), in, report.Options{Program: "bench"})
			if err != nil {
				return err
			}
			_, err = r.Write(out, report.Formats)
			note = fmt.Sprintf("%d numbers", len(r.Numbers))
			return err
		})
		return seconds, note, err
	}, nil
}
