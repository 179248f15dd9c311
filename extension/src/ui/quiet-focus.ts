/** Gives back the focus without opening the tooltip of what gets it: nobody moved there to learn its name. */
export function focusQuietly(element: HTMLElement): void {
  element.dataset["quiet"] = "";
  element.focus();
  delete element.dataset["quiet"];
}

export const isQuietFocus = (event: { currentTarget: EventTarget }): boolean =>
  event.currentTarget instanceof HTMLElement && "quiet" in event.currentTarget.dataset;
