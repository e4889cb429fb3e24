package ingest

const mediaDirectory = "1.2.840.10008.1.3.10"

// isObject reports whether the file is of one of the classes that refer to images, or are no images at all (PS3.4 B.5). Any other file without
// pixels is of KindObject too.
func (x *instance) isObject() bool {
	return objectName(x.class) != withoutPixels
}

// lossySyntaxes lose something whatever the file says.
var lossySyntaxes = map[string]bool{
	"1.2.840.10008.1.2.4.50": true, "1.2.840.10008.1.2.4.51": true, "1.2.840.10008.1.2.4.53": true, "1.2.840.10008.1.2.4.55": true,
}
