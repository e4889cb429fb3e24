package project

// growsInto allows another name, colour, tools and checks, wider limits and longer lists; what a mark means stays.
func (c *Class) growsInto(path string, n *Class) error {
	if n.Is(KindSegment) != c.Is(KindSegment) || n.Kind != c.Kind && c.Kind != "" && n.Kind != "" ||
		n.Category != c.Category || n.Type != c.Type || n.Region != c.Region {
		return Fieldf(Conflict, path, "the definition is locked: a class keeps its kind and codes")
	}
	for _, stays := range []struct {
		field string
		same  bool
	}{
		{".laterality", n.Laterality == c.Laterality},
		{".must_be_inside", n.Inside == c.Inside},
		{".link_to", n.LinkTo == c.LinkTo},
		{".instance_tracking", n.Tracking == c.Tracking},
		{".tool", n.Tool == c.Tool},
		{".limits", sameJSON(n.Limits, c.Limits)},
		{".tolerance_mm", n.ToleranceMM == c.ToleranceMM || c.ToleranceMM == 0},
	} {
		if !stays.same {
			return Fieldf(Conflict, path+stays.field, "the definition is locked: this stays as it is")
		}
	}
	for _, grows := range []struct {
		field string
		more  bool
	}{
		{".modalities", gains(c.Modalities, n.Modalities, true)},
		{".geometry", gains(c.Geometry, n.Geometry, true)},
		{".overlap", gains(c.mayOverlap(), n.mayOverlap(), false)},
	} {
		if !grows.more {
			return Fieldf(Conflict, path+grows.field, "the definition is locked: a list only gains")
		}
	}
	if n.Instances != nil && (c.Instances == nil || n.Instances.Min > c.Instances.Min || n.Instances.Max < c.Instances.Max) {
		return Fieldf(Conflict, path+".instances", "the definition is locked: limits only widen")
	}
	return questionsGrow(path+".attributes", c.Attributes, n.Attributes)
}

func (c *Class) mayOverlap() []string {
	if c.Overlap == nil {
		return nil
	}
	return c.Overlap.AllowWith
}
