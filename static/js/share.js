// Sending a bill by the phone's own share sheet: a [data-share] button with data-share-title and data-share-text.
// Where there is none the buttons stay hidden (kit.css), WhatsApp's link beside them works everywhere.
if (navigator.share) document.documentElement.dataset.canShare = "";

document.addEventListener("click", (event) => {
  const { shareTitle: title, shareText: text } = event.target.closest("[data-share]")?.dataset ?? {};
  if (text) navigator.share({ title, text }).catch(() => {}); // closed without sending: that is an answer too
});
