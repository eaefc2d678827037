/** Where a reader is in a list that grows at both ends and changes its height. */

const NEAR = 80;

/** Whoever is at the end stays there; for others what they look at doesn't move. */
export function placeKeeper(log) {
  let wasAtEnd = true;
  const isAtEnd = () => log.scrollHeight - log.scrollTop - log.clientHeight < NEAR;
  log.addEventListener("scroll", () => (wasAtEnd = isAtEnd()));
  // A keyboard comes up, a picture is loaded, a long text is being written.
  const observer = new ResizeObserver(() => wasAtEnd && toEnd());
  [log, log.firstElementChild].forEach((element) => observer.observe(element));

  function toEnd() {
    wasAtEnd = true;
    log.scrollTop = log.scrollHeight;
  }

  /** Change the list. isNew: it is another list from now on. */
  function keep(isNew, change) {
    const key = isNew || wasAtEnd ? null : inSight(log)?.dataset.key;
    const place = key && placeOf(log, key);
    change();
    if (isNew || wasAtEnd) toEnd();
    else if (key) log.scrollTop += (placeOf(log, key) ?? place) - place;
  }

  return { keep, isAtEnd, toEnd };
}

const inSight = (log) =>
  [...log.querySelectorAll("[data-key]")].find((item) => item.offsetTop + item.offsetHeight > log.scrollTop);

/** The same message may have got another element. */
const placeOf = (log, key) => log.querySelector(`[data-key="${CSS.escape(key)}"]`)?.offsetTop;
