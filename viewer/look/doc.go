// Package look is the dark room: colours, sizes, type and icons of every window, and the Fyne theme that hands them to Fyne's own widgets.
//
// The image is the brightest thing on the screen. Chrome is near-black and neutral, there is one accent, and it means "this one, now". Nothing
// here knows what is shown with it.
package look
