package report

import (
	"encoding/csv"
	"encoding/json"
	"html"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

var (
	rowOf     = regexp.MustCompile(`(?s)<tr id="n-[^"]*">(.*?)</tr>`)
	cellOf    = regexp.MustCompile(`(?s)<td[^>]*>(.*?)</td>`)
	shownOf   = regexp.MustCompile(`<span data-n="([^"]*)" data-part="([^"]*)">([^<]*)</span>`)
	notNumber = regexp.MustCompile(`[>" ,(−-](NaN|[+-]?Inf)\b`)
	legendOf  = regexp.MustCompile(`(?s)id="legend".*?</table>`)
)

// sameNumbers reads the three files back and compares them number by number: what the HTML shows is in the CSV and in the JSON, and the other way.
func sameNumbers(t *testing.T, r *Report) {
	page := written(t, r.WriteHTML)
	records, err := csv.NewReader(strings.NewReader(written(t, r.WriteCSV))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	byID := map[string]map[string]string{}
	for _, row := range records[1:] {
		one := map[string]string{}
		for c, name := range records[0] {
			one[name] = row[c]
		}
		byID[one["id"]] = one
	}
	if len(byID) != len(records)-1 || len(byID) != len(r.Numbers) {
		t.Fatalf("%d rows, %d ids, %d numbers", len(records)-1, len(byID), len(r.Numbers))
	}
	sameAppendix(t, page, byID)
	sameShown(t, page, byID)
	sameJSON(t, r, byID)
	if strings.Contains(page, "<script") || regexp.MustCompile(`(?i)(src|href)="(https?:)?//`).MatchString(page) {
		t.Error("the HTML has a script or needs the network")
	}
	if found := notNumber.FindStringIndex(page); found != nil {
		t.Errorf("the HTML says NaN or Inf: …%s…", page[max(0, found[0]-100):found[1]])
	}
}

func sameAppendix(t *testing.T, page string, byID map[string]map[string]string) {
	codes := map[string]string{"": ""}
	for _, row := range regexp.MustCompile(`(?s)<tr>(.*?)</tr>`).FindAllStringSubmatch(legendOf.FindString(page), -1) {
		if cells := cellOf.FindAllStringSubmatch(row[1], -1); len(cells) == 2 {
			codes[cells[0][1]] = html.UnescapeString(cells[1][1])
		}
	}
	rows := rowOf.FindAllStringSubmatch(page, -1)
	if len(rows) != len(byID) {
		t.Errorf("the HTML lists %d numbers, the CSV %d", len(rows), len(byID))
	}
	names := []string{"id", "value", "unit", "status", "n", "units", "patients", "excluded", "ci_low", "ci_high", "ci_method", "method", "definition"}
	for _, row := range rows {
		var cells []string
		for _, c := range cellOf.FindAllStringSubmatch(row[1], -1) {
			cells = append(cells, html.UnescapeString(c[1]))
		}
		want := byID[cells[0]]
		for c, name := range names {
			got, as := cells[c], want[name]
			switch name {
			case "status":
				as = strings.ReplaceAll(as, "_", " ")
			case "ci_method", "method", "definition":
				got = codes[got]
			}
			if got != as {
				t.Errorf("%s, %s: the HTML says %q, the CSV %q", cells[0], name, got, as)
			}
		}
	}
}

// sameShown checks every figure in the tables against its row, as far as its places go.
func sameShown(t *testing.T, page string, byID map[string]map[string]string) {
	spans := shownOf.FindAllStringSubmatch(page, -1)
	if len(spans) < 50 {
		t.Errorf("the tables show %d figures", len(spans))
	}
	for _, s := range spans {
		row, ok := byID[html.UnescapeString(s[1])]
		if !ok {
			t.Errorf("the HTML shows %s, which the CSV lacks", s[1])
			continue
		}
		text := html.UnescapeString(s[3])
		switch s[2] {
		case "value":
			if row["value"] == "" {
				if text != strings.ReplaceAll(row["status"], "_", " ") {
					t.Errorf("%s has no value and shows %q", s[1], text)
				}
				continue
			}
			near(t, s[1], text, row["value"])
		case "n":
			near(t, s[1], text, row["n"])
		case "range":
			if low, high, ok := strings.Cut(text, " to "); ok {
				near(t, s[1]+" low", low, row["ci_low"])
				near(t, s[1]+" high", high, row["ci_high"])
			} else if row["ci_low"] != "" {
				t.Errorf("%s has an interval and shows %q", s[1], text)
			}
		}
	}
}

func near(t *testing.T, what, text, exact string) {
	t.Helper()
	a, errA := strconv.ParseFloat(strings.Replace(text, "−", "-", 1), 64)
	b, errB := strconv.ParseFloat(exact, 64)
	places := 0
	if _, after, ok := strings.Cut(text, "."); ok {
		places = len(after)
	}
	if errA != nil || errB != nil || math.Abs(a-b) > 0.5*math.Pow(10, -float64(places))+1e-5*math.Abs(b) {
		t.Errorf("%s: shown %q, exactly %q", what, text, exact)
	}
}

func sameJSON(t *testing.T, r *Report, byID map[string]map[string]string) {
	var doc struct {
		Schema  string
		Numbers []map[string]any
	}
	dec := json.NewDecoder(strings.NewReader(written(t, r.WriteJSON)))
	dec.UseNumber()
	if err := dec.Decode(&doc); err != nil {
		t.Fatal(err)
	}
	if doc.Schema != Schema || len(doc.Numbers) != len(byID) {
		t.Fatalf("%s with %d numbers", doc.Schema, len(doc.Numbers))
	}
	for _, n := range doc.Numbers {
		for name, want := range byID[n["id"].(string)] {
			got := ""
			switch v := n[name].(type) {
			case string:
				got = v
			case json.Number:
				got = v.String()
			}
			if got != want {
				t.Errorf("%s, %s: JSON %q, CSV %q", n["id"], name, got, want)
			}
		}
	}
}
