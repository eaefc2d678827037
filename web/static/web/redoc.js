// Redoc on the API's document; a file, so that the page needs no script of its own.
const place = document.getElementById("redoc-ui");
Redoc.init(place.dataset.document, {}, place);
