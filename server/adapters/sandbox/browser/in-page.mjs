// What the driver runs inside a page, in a world that shares the page's elements and nothing of its scripts. Each function
// travels alone, as text: none of them sees anything of this file.

/** Text of the page, and what in it can be used, each with the number by which it is found again. */
export function lookAround(mostText) {
  const kinds =
    'a[href],button,input,select,textarea,summary,[role=button],[role=link],[role=checkbox],[role=tab],[role=menuitem],[contenteditable=true]';
  const visible = (element) => {
    const { width, height } = element.getBoundingClientRect();
    return width > 0 && height > 0 && getComputedStyle(element).visibility !== 'hidden';
  };
  // Of this world of ours alone: the page neither sees the list nor can change it.
  const found = [...document.querySelectorAll(kinds)].filter(visible);
  globalThis.fleetElements = found;
  const elements = found.slice(0, 120).map((element, at) => {
    const tag = element.getAttribute('role') ?? element.tagName.toLowerCase();
    const type = element.tagName === 'INPUT' ? ` ${element.type}` : '';
    const labels = [
      element.getAttribute('aria-label'),
      element.labels?.[0]?.innerText,
      element.innerText,
      element.placeholder,
      element.name,
      element.title,
      element.getAttribute('href'),
    ];
    const name =
      labels
        .find((label) => label?.trim())
        ?.trim()
        .replace(/\s+/g, ' ')
        .slice(0, 80) ?? '';
    const secret = element.type === 'password';
    const value =
      'value' in element && element.value && !secret && !/^(?:submit|button)$/.test(element.type)
        ? ` = ${JSON.stringify(String(element.value).slice(0, 80))}`
        : '';
    const flags = [element.disabled && 'disabled', element.checked && 'checked']
      .filter(Boolean)
      .map((flag) => ` (${flag})`);
    return `[${at + 1}] ${tag}${type} ${JSON.stringify(name)}${value}${flags.join('')}`;
  });
  const text = document.body?.innerText ?? '';
  return {
    title: document.title,
    url: location.href,
    text: text.slice(0, mostText),
    cut: Math.max(0, text.length - mostText),
    elements,
    more: found.length - elements.length,
  };
}

/** Where an element is, in the middle of the window; null where it is gone. */
export function placeOf(number) {
  const element = globalThis.fleetElements?.[number - 1];
  if (!element?.isConnected) return null;
  // There is one page: what would open in another opens in it.
  element.closest('a[target], form[target]')?.removeAttribute('target');
  element.scrollIntoView({ block: 'center', inline: 'center' });
  const { x, y, width, height } = element.getBoundingClientRect();
  const at = { x: x + width / 2, y: y + height / 2 };
  const hit = document.elementFromPoint(at.x, at.y);
  const covered = hit && !element.contains(hit) && !hit.contains(element) ? hit.tagName.toLowerCase() : null;
  return { ...at, covered, disabled: element.disabled === true };
}

/** Selects what is there, so that typing takes its place. A choice is made by its words or its value. */
export function prepareTyping(number, text) {
  const element = globalThis.fleetElements[number - 1];
  element.focus();
  if (element.tagName === 'SELECT') {
    const option = [...element.options].find((each) => each.text.trim() === text || each.value === text);
    if (!option) return { choices: [...element.options].slice(0, 40).map((each) => each.text.trim()) };
    element.value = option.value;
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
    return { chosen: true };
  }
  if (element.isContentEditable) getSelection().selectAllChildren(element);
  else if ('select' in element) element.select();
  else return { choices: null };
  return {};
}
