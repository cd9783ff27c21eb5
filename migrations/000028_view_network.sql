-- Scanners that open each link from another address of their network are found by the network and the browser's name.
create index hit_of_network on view.hit (network, at) where network is not null and since_mail_ms is null;
