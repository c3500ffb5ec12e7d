# An SMSC for tests, made of Net::SMPP. Prints its port, then each PDU that it gets. Everybody may bind who says the password.
#
# It gives its ids in hexadecimal digits when it takes a message and in decimal ones in the receipt, as some do. What it takes it
# delivers back, from the destination to the source; what begins with "refuse" it refuses.
use strict;
use warnings;
use FindBin;
use lib $FindBin::Bin;
require 'net-smpp.pm';

$| = 1;
my $password = shift @ARGV;
my $listener = Net::SMPP->new_listen('127.0.0.1', port => 0) or die "cannot listen: $!";
print $listener->sockport, "\n";

my $last_id = 0xfff0;
my %on = (
    bind_transmitter => sub { bound(bind_transmitter_resp => @_) },
    bind_receiver => sub { bound(bind_receiver_resp => @_) },
    bind_transceiver => sub { bound(bind_transceiver_resp => @_) },
    enquire_link => sub { my ($c, $pdu) = @_; $c->enquire_link_resp(seq => $pdu->{seq}) },
    unbind => sub { my ($c, $pdu) = @_; $c->unbind_resp(seq => $pdu->{seq}) },
    submit_sm => \&submitted,
);

while (1) {
    my $c = $listener->accept or next;
    while (my $pdu = $c->read_pdu) {
        NetSmppTests::tell($pdu);
        my $act = $on{$pdu->explain_cmd};
        $act->($c, $pdu) if $act;
    }
    close $c;
}

sub bound {
    my ($answer, $c, $pdu) = @_;
    my $status = $pdu->{password} eq $password ? 0 : 0x0e;
    $c->$answer(system_id => 'Net::SMPP', seq => $pdu->{seq}, status => $status);
}

sub submitted {
    my ($c, $pdu) = @_;
    if ($pdu->{short_message} =~ /^refuse/) {
        $c->submit_sm_resp(message_id => '', seq => $pdu->{seq}, status => 0x58);
        return;
    }
    my $id = ++$last_id;
    $c->submit_sm_resp(message_id => sprintf('%X', $id), seq => $pdu->{seq});
    my @back = (async => 1, source_addr => $pdu->{destination_addr}, destination_addr => $pdu->{source_addr});
    $c->deliver_sm(
        @back,
        esm_class => 4,
        short_message => "id:$id sub:001 dlvrd:001 submit date:2405060708 done date:2405060709 stat:DELIVRD err:000 text:",
    ) if $pdu->{registered_delivery} & 1;
    my @tlvs = map { defined $pdu->{$_} ? ($_ => $pdu->{$_}) : () }
        qw(sar_msg_ref_num sar_total_segments sar_segment_seqnum message_payload);
    $c->deliver_sm(@back, (map { $_ => $pdu->{$_} } qw(esm_class data_coding short_message)), @tlvs);
}
