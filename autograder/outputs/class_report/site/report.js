// Makes the tables sortable and filterable. Without scripts they are whole, plain tables.
"use strict";

const MANY = 25;
const PAGE = 50;

for (const table of document.querySelectorAll("table.sortable")) {
  const rows = table.tBodies[0].rows.length;
  const columns = [...table.tHead.rows[0].cells].map((cell) => ({
    type: cell.dataset.kind === "num" ? "num" : "html",
  }));
  const made = new DataTable(table, {
    autoWidth: false,
    typeDetect: false,
    columns,
    order: [],
    paging: rows > PAGE,
    pageLength: PAGE,
    lengthChange: false,
    searching: rows > 1,
    info: rows > MANY,
    layout: {
      topStart: rows > MANY ? "info" : null,
      topEnd: rows > 1 && !table.classList.contains("short") ? "search" : null,
      bottomStart: null,
      bottomEnd: rows > PAGE ? "paging" : null,
    },
    language: {
      search: "Filter",
      info: "_START_ to _END_ of _TOTAL_",
      infoEmpty: "None",
      infoFiltered: "(of _MAX_)",
      zeroRecords: "No row has this text.",
    },
  });
  if (rows > PAGE) {
    addEventListener("beforeprint", () => made.page.len(-1).draw());
    addEventListener("afterprint", () => made.page.len(PAGE).draw());
  }
}
