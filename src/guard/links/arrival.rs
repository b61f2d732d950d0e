//! Where a retargeted link leads: to the visitor's storefront, as far as the server knows it.

use crate::guard::condition::Condition;
use crate::guard::storefront::{Storefront, Visit};
use std::fmt;

/// The address of a link that is retargeted to the storefront.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrival {
    /// The address on the default storefront, also used where the server cannot distinguish visits.
    pub address: String,
    /// The addresses for visits that belong to another storefront; the first match wins.
    pub further: Vec<(Visit, String)>,
}

impl Arrival {
    /// Computes the address on each storefront with `lead`.
    pub(super) fn on(storefront: &Storefront, lead: impl Fn(&Storefront) -> String) -> Self {
        let further = storefront.further().iter();
        Self {
            address: lead(storefront),
            further: further.map(|one| (one.visit.clone(), lead(&one.storefront))).collect(),
        }
    }

    /// Keeps only the default address, for all visits.
    pub(super) fn for_all(&mut self) {
        self.further.clear();
    }

    /// Returns the addresses as a piece of template, each escaped by `escaped`.
    pub(super) fn written(&self, escaped: impl Fn(&str) -> String) -> String {
        self.further.iter().rev().fold(escaped(&self.address), |rest, (visit, address)| {
            let own = escaped(address);
            if own == rest { rest } else { Condition::by_visit(visit, &own, &rest) }
        })
    }
}

impl fmt::Display for Arrival {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.address)?;
        let mut told = vec![self.address.as_str()];
        for (_, address) in &self.further {
            if !told.contains(&address.as_str()) {
                let before = if told.len() == 1 { " or, for some shoppers," } else { "," };
                write!(formatter, "{before} {address}")?;
                told.push(address);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guard::storefront::ScopedStorefront;

    #[test]
    fn storefronts_with_equal_addresses_are_merged() {
        let further = |host: &str, url: &str| ScopedStorefront {
            visit: Visit { host: Some(host.to_owned()), locale: None },
            storefront: Storefront::parse(url).unwrap(),
        };
        let storefront = Storefront::parse("https://a.example").unwrap().with(vec![
            further("b.example", "https://shop.b.example"),
            further("c.example", "https://a.example"),
        ]);
        let arrival = Arrival::on(&storefront, |storefront| format!("{}/x", storefront.base()));
        assert_eq!(
            arrival.written(str::to_uppercase),
            "{{#all (if settings.request.host '===' 'b.example')}}HTTPS://SHOP.B.EXAMPLE/X\
             {{else}}HTTPS://A.EXAMPLE/X{{/all}}"
        );
        let words = "https://a.example/x or, for some shoppers, https://shop.b.example/x";
        assert_eq!(arrival.to_string(), words);
        let everywhere = Arrival::on(&storefront, |_| "https://blog.example".to_owned());
        assert_eq!(everywhere.written(str::to_owned), "https://blog.example");
        assert_eq!(everywhere.to_string(), "https://blog.example");
    }
}
