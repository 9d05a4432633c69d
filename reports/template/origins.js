// A link to a row within a closed list opens the list, where the browser does not do so by itself.
"use strict";
{
  const open = () => {
    const row = document.getElementById(location.hash.slice(1));
    const list = row && row.closest("details:not([open])");
    if (list) {
      list.open = true;
      row.scrollIntoView();
    }
  };
  addEventListener("hashchange", open);
  open();
}
