package dcm

import (
	"io"

	"github.com/suyashkumar/dicom"
	"github.com/suyashkumar/dicom/pkg/tag"

	"hotlight/project"
)

// Identity of this program as a writer of DICOM objects (PS3.7 D.3.3.2). The UID is derived from a UUID (PS3.5 B.2).
const (
	implementationClass   = "2.25.302118964820437161935412308836092516227"
	implementationVersion = "HOTLIGHT_1"
)

// Write writes d as a DICOM file: preamble, meta information with syntax, elements sorted, text in UTF-8 (ISO_IR 192). Supported are implicit and
// explicit little endian and RLE; for RLE the pixel data of d are native and are encoded here. d must name its SOP class and instance;
// group 0002 and group lengths in d are left out. Pixel bytes are handed over as they are.
func Write(w io.Writer, d *DataSet, syntax string) (err error) {
	defer libraryPanic(&err)
	switch syntax {
	case ImplicitLittleEndian, ExplicitLittleEndian, RLELossless:
	default:
		return project.Errorf(project.Unsupported, "transfer syntax %s is not written here", SyntaxName(syntax))
	}
	meta, err := metaFor(d, syntax)
	if err != nil {
		return err
	}
	set := dicom.Dataset{}
	for n := range meta.elements {
		made := rawElement(&meta.elements[n])
		if meta.elements[n].tag == TransferSyntaxUID { // the one element that the library reads itself
			if made.Value, err = dicom.NewValue([]string{syntax}); err != nil {
				return project.Errorf(project.Invalid, "transfer syntax: %w", err)
			}
		}
		set.Elements = append(set.Elements, made)
	}
	body, err := outgoing(d, 0)
	if err != nil {
		return err
	}
	if syntax == RLELossless {
		if err := encodePixels(d, body); err != nil {
			return err
		}
	}
	set.Elements = append(set.Elements, body...)
	// The values are already in the form of the file, so the library has nothing to verify.
	return dicom.Write(w, set, dicom.SkipVRVerification(), dicom.SkipValueTypeVerification())
}

// libraryPanic turns a panic of the library into an error.
func libraryPanic(err *error) {
	if r := recover(); r != nil {
		*err = project.Errorf(project.Invalid, "the object cannot be written: %v", r)
	}
}

func metaFor(d *DataSet, syntax string) (*DataSet, error) {
	class, ok := d.String(SOPClassUID)
	if !ok {
		return nil, project.Errorf(project.Invalid, "%v SOPClassUID is missing", SOPClassUID)
	}
	instance, ok := d.String(SOPInstanceUID)
	if !ok {
		return nil, project.Errorf(project.Invalid, "%v SOPInstanceUID is missing", SOPInstanceUID)
	}
	return NewDataSet().
		Set(FileMetaInformationVersion, OB, []byte{0, 1}).
		Set(MediaStorageSOPClassUID, UI, class).
		Set(MediaStorageSOPInstanceUID, UI, instance).
		Set(TransferSyntaxUID, UI, syntax).
		Set(ImplementationClassUID, UI, implementationClass).
		Set(ImplementationVersionName, SH, implementationVersion), nil
}

// outgoing turns the elements of d into the library's. Group lengths, meta information and the old character set are left out.
func outgoing(d *DataSet, depth int) ([]*dicom.Element, error) {
	if depth > maxDepth {
		return nil, project.Errorf(project.Invalid, "sequences are nested deeper than %d", maxDepth)
	}
	out := make([]*dicom.Element, 0, len(d.elements)+1)
	for n := range d.elements {
		e := &d.elements[n]
		if e.tag.Element() == 0 || e.tag.Group() == 2 || e.tag == SpecificCharacterSet {
			continue
		}
		made, err := outgoingElement(d, e, depth)
		if err != nil {
			return nil, err
		}
		if depth == 0 && e.tag > SpecificCharacterSet && (len(out) == 0 || out[len(out)-1].Tag.Uint32() < uint32(SpecificCharacterSet)) {
			out = append(out, rawElement(&element{tag: SpecificCharacterSet, vr: CS, value: []byte("ISO_IR 192")}))
		}
		out = append(out, made)
	}
	return out, nil
}

func outgoingElement(d *DataSet, e *element, depth int) (*dicom.Element, error) {
	switch {
	case e.vr == SV || e.vr == UV || e.vr == OV:
		return nil, project.Errorf(project.Unsupported, "%v has value representation %v, which is not written here", e.tag, e.vr)
	case e.vr == SQ:
		return outgoingSequence(e, depth)
	}
	value, ok := e.bytes()
	if !ok {
		return nil, project.Errorf(project.Unsupported, "%v is not in memory and cannot be written", e.tag)
	}
	if e.vr.is(vrCharset) {
		value = pad([]byte(d.decode(e.vr, value)), e.vr)
	}
	if err := checkValue(e.tag, e.vr, value); err != nil {
		return nil, err
	}
	return rawElement(&element{tag: e.tag, vr: d.numberVR(e), value: value}), nil
}

func outgoingSequence(e *element, depth int) (*dicom.Element, error) {
	var items [][]*dicom.Element
	for _, item := range e.sub.items {
		inner, err := outgoing(item, depth+1)
		if err != nil {
			return nil, err
		}
		items = append(items, inner)
	}
	value, err := dicom.NewValue(items)
	if err != nil {
		return nil, project.Errorf(project.Invalid, "%v: %w", e.tag, err)
	}
	return &dicom.Element{Tag: libraryTag(e.tag), RawValueRepresentation: "SQ", Value: value, ValueLength: tag.VLUndefinedLength}, nil
}

// rawElement hands a finished value to the library. It writes the bytes of "unprocessed pixel data" as they are, whatever the tag: no text is
// rewritten, and values it cannot encode itself (OF, OD, OL, AT) come out right.
func rawElement(e *element) *dicom.Element {
	value, err := dicom.NewValue(dicom.PixelDataInfo{IntentionallyUnprocessed: true, UnprocessedValueData: e.value})
	if err != nil {
		panic("dcm: the library refuses raw bytes: " + err.Error())
	}
	return &dicom.Element{Tag: libraryTag(e.tag), RawValueRepresentation: e.vr.String(), Value: value, ValueLength: uint32(len(e.value))}
}

func libraryTag(t Tag) tag.Tag { return tag.Tag{Group: t.Group(), Element: t.Element()} }
