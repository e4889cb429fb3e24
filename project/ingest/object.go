package ingest

import (
	"cmp"
	"slices"
	"strings"

	"hotlight/project"
	"hotlight/project/dcm"
)

// Object is a file without pixels to show, as an object of its study: a segmentation, a report, a structure set ...
type Object struct {
	Path     string
	Instance project.InstanceUID
	Class    project.ClassUID
	Syntax   string
	Number   int         // Instance Number
	What     string      // "segmentation", "structured report" ...: from its class
	Label    string      // what it calls itself: Content Label, Structure Set Label, title; may be empty
	Refers   []Reference // in the order in which the file names the series
}

// Reference is what an object refers to within one series. A study that is not the object's own is rare but legal.
type Reference struct {
	Study     project.StudyUID
	Series    project.SeriesUID     // empty where neither the object nor the scan says to which series the instances belong
	Instances []project.InstanceUID // each once, in the order of the file; none where the series as a whole is meant
	Here      int                   // how many of Instances this scan found
}

// objectNames are tried in order: the first whose family the class is of.
var objectNames = []struct{ class, name string }{
	{"1.2.840.10008.5.1.4.1.1.66.4", "segmentation"},
	{"1.2.840.10008.5.1.4.1.1.66.7", "segmentation"}, // label map
	{"1.2.840.10008.5.1.4.1.1.66.5", "surface segmentation"},
	{"1.2.840.10008.5.1.4.1.1.66.6", "tractography"},
	{"1.2.840.10008.5.1.4.1.1.66.1", "registration"},
	{"1.2.840.10008.5.1.4.1.1.66.3", "deformable registration"},
	{"1.2.840.10008.5.1.4.1.1.66.2", "fiducials"},
	{"1.2.840.10008.5.1.4.1.1.66", "raw data"},
	{"1.2.840.10008.5.1.4.1.1.67", "real world value mapping"},
	{"1.2.840.10008.5.1.4.1.1.68", "surface scan"},
	{"1.2.840.10008.5.1.4.1.1.88.59", "key objects"},
	{"1.2.840.10008.5.1.4.1.1.88.67", "dose report"},
	{"1.2.840.10008.5.1.4.1.1.88.50", "mammography CAD report"},
	{"1.2.840.10008.5.1.4.1.1.88", "structured report"},
	{"1.2.840.10008.5.1.4.1.1.104.1", "encapsulated PDF"},
	{"1.2.840.10008.5.1.4.1.1.104.2", "encapsulated CDA"},
	{"1.2.840.10008.5.1.4.1.1.104", "encapsulated document"},
	{"1.2.840.10008.5.1.4.1.1.11", "presentation state"},
	{"1.2.840.10008.5.1.4.1.1.481.3", "RT structure set"},
	{"1.2.840.10008.5.1.4.1.1.481.4", "RT treatment record"},
	{"1.2.840.10008.5.1.4.1.1.481.5", "RT plan"},
	{"1.2.840.10008.5.1.4.1.1.481.8", "RT ion plan"},
	{"1.2.840.10008.5.1.4.1.1.9", "waveform"},
	{"1.2.840.10008.5.1.4.1.1.4.2", "MR spectrum"},
	{"1.2.840.10008.5.1.4.34", "procedure step"},
	{"1.2.840.10008.5.1.4.38", "hanging protocol"},
}

// ofClass reports whether a class is the one named or one of its family.
func ofClass(class project.ClassUID, family string) bool {
	return string(class) == family || strings.HasPrefix(string(class), family+".")
}

// withoutPixels is what a file without pixels is called whose class names no such object: an image that lost them, or a class of a later standard.
const withoutPixels = "file without pixels"

func objectName(class project.ClassUID) string {
	for _, n := range objectNames {
		if ofClass(class, n.class) {
			return n.name
		}
	}
	return withoutPixels
}

// readObject describes a file of KindObject. It looks at sequences only as deep as dcm reads them.
func readObject(x *instance, d *dcm.DataSet) *Object {
	o := &Object{Path: x.path, Instance: x.uid, Class: x.class, Syntax: x.syntax, Number: x.number, What: objectName(x.class), Label: objectLabel(d)}
	c := collector{at: map[referenceKey]int{}, seen: map[project.InstanceUID]bool{x.uid: true}}
	c.walk(d, referenceKey{}, true)
	o.Refers = c.found
	return o
}

func objectLabel(d *dcm.DataSet) string {
	for _, t := range []dcm.Tag{dcm.ContentLabel, tagStructureSetLabel, tagPlanLabel, tagDocumentTitle} {
		if s := text(d, t); s != "" {
			return s
		}
	}
	return text(d.Item(dcm.ConceptNameCodeSequence), dcm.CodeMeaning) // the title of a report
}

type referenceKey struct {
	study  project.StudyUID
	series project.SeriesUID
}

// collector gathers references from any depth: each kind of object keeps them in sequences of its own, but all name series and instances with the
// same elements (PS3.3 10.3, C.17.2.1).
type collector struct {
	found []Reference
	at    map[referenceKey]int
	seen  map[project.InstanceUID]bool
}

func (c *collector) walk(d *dcm.DataSet, within referenceKey, top bool) {
	if !top {
		within = c.enter(d, within)
	}
	for _, t := range d.Tags() {
		switch t {
		case tagReferencedStudySequence, tagReferencedStepSequence, tagReferencedPatientSequence, tagRelatedSeriesSequence,
			tagReferencedRequestSequence, tagRequestAttributesSequence:
			continue
		}
		for _, item := range d.Items(t) {
			c.walk(item, within, false)
		}
	}
}

// enter notes what one item names and returns what its own sequences lie within.
func (c *collector) enter(d *dcm.DataSet, within referenceKey) referenceKey {
	if study := text(d, dcm.StudyInstanceUID); study != "" {
		within = referenceKey{study: project.StudyUID(study)}
	}
	if series := text(d, dcm.SeriesInstanceUID); series != "" {
		within.series = project.SeriesUID(series)
		c.series(within)
	}
	uid, class := text(d, dcm.ReferencedSOPInstanceUID), text(d, dcm.ReferencedSOPClassUID)
	switch {
	case uid == "":
	case strings.HasPrefix(class, "1.2.840.10008.3.1.2."): // a study or step as an object of its own, retired
		within.study = cmp.Or(within.study, project.StudyUID(uid))
	case !c.seen[project.InstanceUID(uid)]:
		c.seen[project.InstanceUID(uid)] = true
		r := c.series(within)
		r.Instances = append(r.Instances, project.InstanceUID(uid))
	}
	return within
}

func (c *collector) series(key referenceKey) *Reference {
	n, known := c.at[key]
	if !known {
		n = len(c.found)
		c.at[key] = n
		c.found = append(c.found, Reference{Study: key.study, Series: key.series})
	}
	return &c.found[n]
}

// resolve fills in what only the whole scan knows: the series of instances that are named without one, and how many are here.
func (o *Object) resolve(where map[project.InstanceUID]referenceKey) {
	c := collector{at: map[referenceKey]int{}}
	for _, r := range o.Refers {
		for _, uid := range r.Instances {
			if home := where[uid]; r.Study == "" && home.series == r.Series {
				r.Study = home.study
			}
		}
		if len(r.Instances) == 0 {
			c.series(referenceKey{r.Study, r.Series})
		}
		for _, uid := range r.Instances {
			key := referenceKey{r.Study, r.Series}
			home, here := where[uid]
			if here && key.series == "" {
				key = home
			}
			to := c.series(key)
			to.Instances = append(to.Instances, uid)
			if here {
				to.Here++
			}
		}
	}
	o.Refers = slices.Clip(c.found)
}

// whereabouts says to which series each instance of a scan belongs.
func whereabouts(all []*instance) map[project.InstanceUID]referenceKey {
	out := make(map[project.InstanceUID]referenceKey, len(all))
	for _, x := range all {
		if x.uid != "" {
			out[x.uid] = referenceKey{x.study, x.series}
		}
	}
	return out
}
