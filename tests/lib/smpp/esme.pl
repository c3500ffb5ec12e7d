# An ESME for tests, made of Net::SMPP. Binds, submits the messages that it is given, and prints each PDU that it gets.
#
# esme.pl PORT BIND PASSWORD [MESSAGE…]    BIND: transceiver, transmitter or receiver; MESSAGE: the arguments of submit_sm as JSON
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
require 'net-smpp.pm';

$| = 1;
my ($port, $bind, $password, @messages) = @ARGV;
my $connect = "new_$bind";
my ($smpp, $answer) = Net::SMPP->$connect('127.0.0.1', port => $port, system_id => 'perl', password => $password);
die "cannot connect: $!" unless $smpp;
NetSmppTests::tell($answer);

$smpp->submit_sm(async => 1, NetSmppTests::arguments(NetSmppTests::decoded($_))) for @messages;
while (my $pdu = $smpp->read_pdu) {
    NetSmppTests::tell($pdu);
    my $command = $pdu->explain_cmd;
    $smpp->deliver_sm_resp(message_id => '', seq => $pdu->{seq}) if $command eq 'deliver_sm';
    $smpp->enquire_link_resp(seq => $pdu->{seq}) if $command eq 'enquire_link';
    $smpp->unbind_resp(seq => $pdu->{seq}) if $command eq 'unbind';
}
