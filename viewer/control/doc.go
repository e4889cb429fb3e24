// Package control holds the parts that every pane is put together from: rows and columns, buttons, tiles, segmented choices, sliders, chips,
// plates and tips, as the design fixes them. They know how they look and when they were pressed, and nothing of what they stand for.
//
// Nothing here takes the keyboard except text fields (Fyne's own, in the colours of package look): single letters belong to the viewport, and
// a control that was clicked must not swallow them.
package control
