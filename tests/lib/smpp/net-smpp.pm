# What the SMSC and the ESME of the tests have in common: Net::SMPP reads and writes the PDUs, and this tells of them.
package NetSmppTests;

use strict;
use warnings;
use JSON::PP;
use Net::SMPP;

# Members that hold octets, told in hexadecimal digits.
my %OCTETS = map { $_ => 1 } qw(short_message message_payload message_state network_error_code sar_msg_ref_num
    sar_total_segments sar_segment_seqnum user_message_reference sc_interface_version);

my $json = JSON::PP->new->canonical->latin1;

# One line of JSON for a PDU that was read.
sub tell {
    my ($pdu) = @_;
    my %told = (command => $pdu->explain_cmd, status => $pdu->{status}, sequence => $pdu->{seq});
    for my $name (grep { /^[a-z_]+$/ } keys %$pdu) {
        next if $name =~ /^(?:cmd|status|seq|data|reserved|known_pdu)$/ || !defined $pdu->{$name};
        $told{$name} = $OCTETS{$name} ? unpack('H*', $pdu->{$name}) : $pdu->{$name};
    }
    print $json->encode(\%told), "\n";
}

# The arguments of Net::SMPP from members of JSON, octets in hexadecimal digits.
sub arguments {
    my ($members) = @_;
    return map { $_ => $OCTETS{$_} ? pack('H*', $members->{$_}) : $members->{$_} } sort keys %$members;
}

sub decoded { return $json->decode($_[0]) }

1;
