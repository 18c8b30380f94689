namespace Actors.Peers;

/// <summary>A program that the real daemons need is not on this machine.</summary>
internal sealed class MissingPeerException(string program, string package)
    : Exception($"{program} is not on this machine: apt-get install {package}");
