package ingest

import (
	"bytes"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"text/tabwriter"
	"unicode"
)

// Print writes r as a table for people: a line for each image, its warnings below it, what was skipped at the end.
func Print(w io.Writer, r *Result) error {
	var table bytes.Buffer
	t := tabwriter.NewWriter(&table, 0, 8, 2, ' ', 0)
	for n, s := range r.Studies {
		fmt.Fprintln(t, strings.TrimSpace(fmt.Sprintf("Study %d  %s  %s %s", n+1, s.UID, printable(s.Date), printable(s.Description))))
		for _, x := range s.Series {
			printSeries(t, x)
		}
	}
	if err := t.Flush(); err != nil {
		return err
	}
	if len(r.Studies) == 0 {
		fmt.Fprintln(&table, "No DICOM images found.")
	}
	for _, w := range r.Warnings {
		fmt.Fprintf(&table, "%s: %s\n", w.Code, w.Text)
	}
	if len(r.Skipped) > 0 {
		fmt.Fprintf(&table, "Skipped %s\n", count(len(r.Skipped), "file"))
		for _, s := range r.Skipped {
			fmt.Fprintf(&table, "  %s: %s\n", s.Path, s.Reason)
		}
	}
	_, err := w.Write(table.Bytes())
	return err
}

func printSeries(t io.Writer, x *Series) {
	if len(x.Volumes) == 0 {
		fmt.Fprintf(t, "  %d\t%s\t%s\t%s\t%s\n", x.Number, x.Modality, x.Kind, count(x.Instances, "file"), printable(x.Description))
	}
	printObjects(t, x)
	for _, m := range x.Volumes {
		g := &m.Geometry
		unit := string(m.Calibration)
		if m.Calibration == InRegions {
			unit = string(InPixels)
		}
		name := strings.TrimSpace(printable(x.Description) + " " + printable(m.Label))
		fmt.Fprintf(t, "  %d\t%s\t%s\t%d x %d x %d\t%.4g x %.4g x %.4g %s\t%s %s\t%s\n", x.Number, x.Modality, m.Kind,
			g.Size[0], g.Size[1], g.Size[2], g.Spacing[0], g.Spacing[1], g.Spacing[2], unit, m.Pixel, unitsOf(m), name)
		for _, r := range m.Regions(0) {
			fmt.Fprintf(t, "      region %d,%d to %d,%d: %s%s\n", r.MinX, r.MinY, r.MaxX, r.MaxY, strings.TrimSpace(string(r.Format)+" "+r.Data), r.scale())
		}
		for _, w := range m.Warnings {
			fmt.Fprintf(t, "      %s: %s\n", w.Code, w.Text)
		}
	}
}

// unitsOf is the unit of the values, and which others they can be had in.
func unitsOf(m *Image) string {
	if others := m.Units(); len(others) > 0 {
		return printable(m.Unit) + " (also " + printable(strings.Join(others, ", ")) + ")"
	}
	return printable(m.Unit)
}

// printable keeps foreign text from moving the cursor, turning the line round or breaking the table.
func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return ' '
		}
		return r
	}, s)
}

// printObjects writes a line for each object; files without pixels that refer to nothing are counted.
func printObjects(t io.Writer, x *Series) {
	bare := map[string]int{}
	for _, o := range x.Objects {
		if o.Label == "" && len(o.Refers) == 0 {
			bare[o.What]++
			continue
		}
		fmt.Fprintf(t, "      %s", o.What)
		if o.Label != "" {
			fmt.Fprintf(t, " %q", printable(o.Label))
		}
		for n, r := range o.Refers {
			if n > 0 {
				fmt.Fprint(t, ",")
			}
			fmt.Fprintf(t, " of %s", referenceText(r))
		}
		fmt.Fprintln(t)
	}
	for _, name := range slices.Sorted(maps.Keys(bare)) {
		fmt.Fprintf(t, "      %s: %d\n", name, bare[name])
	}
}

func referenceText(r Reference) string {
	series := "series " + string(r.Series)
	if r.Series == "" {
		series = "an unknown series"
	}
	switch n := len(r.Instances); {
	case n == 0:
		return series
	case r.Here == n:
		return fmt.Sprintf("%s in %s", count(n, "file"), series)
	case r.Here == 0:
		return fmt.Sprintf("%s in %s, none here", count(n, "file"), series)
	default:
		return fmt.Sprintf("%s in %s, %d of them here", count(n, "file"), series, r.Here)
	}
}

// scale says what one pixel is along each axis that has a unit.
func (r *Region) scale() (out string) {
	for n, a := range [2]RegionAxis{r.X, r.Y} {
		if a.Unit != "" {
			out += fmt.Sprintf(", %.4g %s a pixel %s", a.PerPixel, a.Unit, [2]string{"across", "down"}[n])
		}
	}
	return out
}
