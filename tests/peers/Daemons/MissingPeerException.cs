namespace Actors.Peers;

/// <summary>A program that the tests need is not installed.</summary>
internal sealed class MissingPeerException(string program, string package)
    : Exception($"{program} is not installed. Run: apt-get install {package}");
