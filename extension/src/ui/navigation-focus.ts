import { createContext, useContext, useEffect, useRef, type RefObject } from "react";

/** A navigation's wish to have the focus on the new page's heading. */
export type NavigationFocus = {
  /** True once after each navigation. */
  take: () => boolean;
};

export const NavigationFocusContext = createContext<NavigationFocus | null>(null);

/** The heading's ref: it takes the focus when it appears after a navigation, however late. */
export function useNavigationFocus(): RefObject<HTMLHeadingElement | null> {
  const heading = useRef<HTMLHeadingElement>(null);
  const navigation = useContext(NavigationFocusContext);
  useEffect(() => {
    if (navigation?.take()) heading.current?.focus({ preventScroll: true });
  }, [navigation]);
  return heading;
}
