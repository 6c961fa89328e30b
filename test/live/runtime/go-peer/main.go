// Command go-peer is what the live tests of the runtime are held against: go-spiffe, driven from the command line.
//
// Each command takes its identity from the Workload API at SPIFFE_ENDPOINT_SOCKET, and writes what happens as lines of
// JSON, each with an "event". It runs until it has done what was asked, or until it is told to end.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"slices"
	"strings"
	"sync"
	"syscall"

	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/spiffetls/tlsconfig"
	"github.com/spiffe/go-spiffe/v2/workloadapi"
)

// fields of an event.
type fields map[string]any

type command func(ctx context.Context, arguments []string) error

var commands = map[string]command{
	"serve-http":    serveHTTP,
	"call-http":     callHTTP,
	"serve-grpc":    serveGRPC,
	"call-grpc":     callGRPC,
	"watch-x509":    watchX509,
	"watch-bundles": watchBundles,
	"fetch-jwt":     fetchJWT,
	"validate-jwt":  validateJWT,
	"serve-bundle":  serveBundle,
	"fetch-bundle":  fetchBundle,
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		names := make([]string, 0, len(commands))
		for name := range commands {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintln(os.Stderr, "usage: go-peer", strings.Join(names, "|"))
		os.Exit(2)
	}
	if err := commands[os.Args[1]](ctx, os.Args[2:]); err != nil && ctx.Err() == nil {
		say("error", fields{"message": err.Error()})
		os.Exit(1)
	}
}

var speaking sync.Mutex

// say writes an event as one line.
func say(event string, more fields) {
	line := fields{"event": event}
	for name, value := range more {
		line[name] = value
	}
	text, err := json.Marshal(line)
	if err != nil {
		panic(err)
	}
	speaking.Lock()
	defer speaking.Unlock()
	fmt.Println(string(text))
}

// parse reads the flags that a command has defined.
func parse(set *flag.FlagSet, arguments []string) error {
	if err := set.Parse(arguments); err != nil {
		return err
	}
	if set.NArg() > 0 {
		return fmt.Errorf("unexpected argument %q", set.Arg(0))
	}
	return nil
}

// identity parses the flags, one of which says who is accepted, and waits for the SVID of this workload.
func identity(
	ctx context.Context, set *flag.FlagSet, arguments []string,
) (*workloadapi.X509Source, tlsconfig.Authorizer, error) {
	whom := set.String("authorize", "any", "any, id:… or member-of:…")
	if err := parse(set, arguments); err != nil {
		return nil, nil, err
	}
	authorize, err := authorizer(*whom)
	if err != nil {
		return nil, nil, err
	}
	source, err := workloadapi.NewX509Source(ctx)
	return source, authorize, err
}

// authorizer of a text: "any", "id:SPIFFE-ID" or "member-of:trust-domain".
func authorizer(text string) (tlsconfig.Authorizer, error) {
	kind, value, _ := strings.Cut(text, ":")
	switch kind {
	case "any":
		return tlsconfig.AuthorizeAny(), nil
	case "id":
		id, err := spiffeid.FromString(value)
		return tlsconfig.AuthorizeID(id), err
	case "member-of":
		trustDomain, err := spiffeid.TrustDomainFromString(value)
		return tlsconfig.AuthorizeMemberOf(trustDomain), err
	}
	return nil, fmt.Errorf("no authorizer %q", text)
}
