//! What a page can tell of the windows around it (frame, agent). Each getter and each drop of a browser object is a
//! crossing, so the objects are passed in.

use wasm_bindgen::prelude::*;

#[wasm_bindgen]
extern "C" {
    /// A `Location`, or what a test or a micro-frontend has in its place.
    pub type Place;

    /// Its origin; another origin's page does not tell.
    #[wasm_bindgen(method, getter, catch)]
    pub fn origin(this: &Place) -> Result<Option<String>, JsValue>;

    /// Missing in older Firefox.
    #[wasm_bindgen(method, getter, js_name = ancestorOrigins)]
    fn ancestor_origins(this: &Place) -> Option<Origins>;

    type Origins;

    #[wasm_bindgen(method, indexing_getter)]
    fn get(this: &Origins, index: u32) -> Option<String>;

    #[wasm_bindgen(method, getter)]
    fn length(this: &Origins) -> u32;

    /// A window around the page, or what a test has in its place.
    pub type Surrounding;

    #[wasm_bindgen(method, getter, catch)]
    fn location(this: &Surrounding) -> Result<Option<Place>, JsValue>;
}

/// Which of the windows around the page.
#[derive(Clone, Copy)]
pub enum Around {
    /// The one whose frame the page is in.
    Parent,
    /// The outermost one.
    Top,
}

/// A window's origin: its own word where it is of the page's origin, else the browser's list of ancestors. `None` where
/// neither tells: Firefox lists `null` for a window that opened the frame without a referrer.
pub fn origin_of(window: &Surrounding, which: Around, here: &Place) -> Option<String> {
    if let Ok(Some(place)) = window.location()
        && let Ok(Some(origin)) = place.origin()
        // An address without an origin (`about:srcdoc`) has a document of one.
        && origin != "null"
    {
        return Some(origin);
    }
    let list = here.ancestor_origins()?;
    let origin = list.get(match which {
        Around::Parent => 0,
        Around::Top => list.length().checked_sub(1)?,
    })?;
    (origin != "null").then_some(origin)
}
