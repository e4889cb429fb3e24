package phantom

// order lists what is painted inside the wall, first what lies under everything else.
func (a *anatomy) order() []part {
	all := box{vec{-400, -400, -400}, vec{400, 400, 400}}
	chest := box{vec{-145, -105, -125}, vec{145, 100, 190}}
	parts := []part{
		{box{vec{-110, 20, -400}, vec{110, 115, 190}}, drawErectors},
		{box{vec{-110, -20, -400}, vec{110, 70, -70}}, drawPsoas},
		{box{vec{-160, -70, 70}, vec{160, 70, 220}}, drawAxilla},
		{box{vec{-145, -105, -130}, vec{145, 95, 25}}, drawDiaphragm},
		{a.mesentery.box, drawMesentery},
		{box{vec{-120, -30, -205}, vec{120, 80, -30}}, drawKidneys},
		{box{vec{-60, -20, -110}, vec{60, 60, -40}}, drawAdrenals},
		{a.smallBowel.box.grown(4), drawSmallBowel},
		{a.pancreasTube.box.grown(4), drawPancreas},
		{a.duodenum.box.grown(4), drawDuodenum},
		{a.colon.box.grown(6), drawColon},
		{a.portal.box.union(box{vec{-60, -40, -240}, vec{90, 40, -40}}), drawBellyVessels},
		{box{vec{20, -40, -130}, vec{145, 95, 20}}, drawSpleen},
		{a.stomachTube.box.grown(6), drawStomach},
		{box{vec{-145, -100, -160}, vec{90, 100, 30}}, drawLiver},
		{box{vec{-80, -85, -140}, vec{-15, -10, -55}}, drawGallbladder},
		{box{vec{-70, -30, 70}, vec{70, 30, 140}}.union(box{vec{-40, -60, 70}, vec{40, 30, 140}}), drawNodes},
		{box{vec{-70, -95, -30}, vec{100, 40, 100}}, drawHeart},
		{box{vec{-135, -80, -400}, vec{135, 60, 240}}, drawMediastinum},
		{chest, drawLungs},
		{box{vec{-40, -20, -400}, vec{40, 110, 400}}, drawColumn},
		{all, drawCage},
		{a.bones.box, drawBones},
	}
	for n := range a.vertebrae {
		v := &a.vertebrae[n]
		parts = append(parts, part{v.box, v.draw})
	}
	return parts
}
