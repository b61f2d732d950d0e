document.querySelectorAll('[data-cart-preview]').forEach(link => link.addEventListener('click', event => event.preventDefault()));
