document.querySelectorAll('[data-cart-preview]').forEach(l=>l.addEventListener('click',e=>e.preventDefault()));
