package main

import (
	"context"
	"errors"
	"flag"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spiffe/go-spiffe/v2/bundle/jwtbundle"
	"github.com/spiffe/go-spiffe/v2/bundle/x509bundle"
	"github.com/spiffe/go-spiffe/v2/spiffeid"
	"github.com/spiffe/go-spiffe/v2/svid/jwtsvid"
	"github.com/spiffe/go-spiffe/v2/workloadapi"
)

// eager tries again soon, so that tests need not wait.
type eager struct{}

func (eager) NewBackoff() workloadapi.Backoff { return eager{} }
func (eager) Next() time.Duration             { return 200 * time.Millisecond }
func (eager) Reset()                          {}

// watcher writes every update of one stream.
type watcher struct{}

func (watcher) OnX509ContextUpdate(state *workloadapi.X509Context) {
	svids := make([]fields, 0, len(state.SVIDs))
	for _, svid := range state.SVIDs {
		svids = append(svids, fields{
			"id": svid.ID.String(), "hint": svid.Hint, "serial": svid.Certificates[0].SerialNumber.String(),
			"certificates": len(svid.Certificates), "notAfter": svid.Certificates[0].NotAfter.UnixMilli(),
		})
	}
	say("x509-context", fields{"svids": svids, "bundles": authorities(state.Bundles)})
}

func (watcher) OnX509ContextWatchError(err error) { tellError("x509-context", err) }

func (watcher) OnX509BundlesUpdate(set *x509bundle.Set) {
	say("x509-bundles", fields{"bundles": authorities(set)})
}

func (watcher) OnX509BundlesWatchError(err error) { tellError("x509-bundles", err) }

func (watcher) OnJWTBundlesUpdate(set *jwtbundle.Set) {
	bundles := map[string][]string{}
	for _, bundle := range set.Bundles() {
		ids := []string{}
		for id := range bundle.JWTAuthorities() {
			ids = append(ids, id)
		}
		bundles[bundle.TrustDomain().Name()] = ids
	}
	say("jwt-bundles", fields{"bundles": bundles})
}

func (watcher) OnJWTBundlesWatchError(err error) { tellError("jwt-bundles", err) }

func tellError(stream string, err error) {
	if !errors.Is(err, context.Canceled) {
		say("watch-error", fields{"stream": stream, "message": err.Error()})
	}
}

// authorities counts them by trust domain.
func authorities(set *x509bundle.Set) map[string]int {
	counts := map[string]int{}
	for _, bundle := range set.Bundles() {
		counts[bundle.TrustDomain().Name()] = len(bundle.X509Authorities())
	}
	return counts
}

func watchX509(ctx context.Context, arguments []string) error {
	if err := parse(flag.NewFlagSet("watch-x509", flag.ContinueOnError), arguments); err != nil {
		return err
	}
	return workloadapi.WatchX509Context(ctx, watcher{}, workloadapi.WithBackoffStrategy(eager{}))
}

// watchBundles watches both kinds, as a program without an identity of its own does.
func watchBundles(ctx context.Context, arguments []string) error {
	if err := parse(flag.NewFlagSet("watch-bundles", flag.ContinueOnError), arguments); err != nil {
		return err
	}
	client, err := workloadapi.New(ctx, workloadapi.WithBackoffStrategy(eager{}))
	if err != nil {
		return err
	}
	defer client.Close()
	ended := make(chan error, 2)
	go func() { ended <- client.WatchX509Bundles(ctx, watcher{}) }()
	go func() { ended <- client.WatchJWTBundles(ctx, watcher{}) }()
	return errors.Join(<-ended, <-ended)
}

func fetchJWT(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("fetch-jwt", flag.ContinueOnError)
	audience := set.String("audience", "", "whom the token is for, separated by commas")
	subject := set.String("subject", "", "SPIFFE ID that it has to name")
	if err := parse(set, arguments); err != nil {
		return err
	}
	source, err := workloadapi.NewJWTSource(ctx)
	if err != nil {
		return err
	}
	defer source.Close()
	all := strings.Split(*audience, ",")
	params := jwtsvid.Params{Audience: all[0], ExtraAudiences: all[1:]}
	if *subject != "" {
		if params.Subject, err = spiffeid.FromString(*subject); err != nil {
			return err
		}
	}
	svids, err := source.FetchJWTSVIDs(ctx, params)
	if err != nil {
		return err
	}
	for _, svid := range svids {
		say("jwt-svid", fields{"id": svid.ID.String(), "hint": svid.Hint, "token": svid.Marshal()})
	}
	return nil
}

// validateJWT reads a token from the standard input, which other users cannot see.
func validateJWT(ctx context.Context, arguments []string) error {
	set := flag.NewFlagSet("validate-jwt", flag.ContinueOnError)
	audience := set.String("audience", "", "whom the token has to be for")
	remote := set.Bool("remote", false, "let the Workload API validate it, instead of by its bundles")
	if err := parse(set, arguments); err != nil {
		return err
	}
	token, err := io.ReadAll(os.Stdin)
	if err != nil {
		return err
	}
	var svid *jwtsvid.SVID
	if *remote {
		svid, err = workloadapi.ValidateJWTSVID(ctx, string(token), *audience)
	} else {
		var source *workloadapi.JWTSource
		if source, err = workloadapi.NewJWTSource(ctx); err != nil {
			return err
		}
		defer source.Close()
		svid, err = jwtsvid.ParseAndValidate(string(token), source, []string{*audience})
	}
	if err != nil {
		return err
	}
	say("valid", fields{"id": svid.ID.String(), "audience": svid.Audience, "expiry": svid.Expiry.UnixMilli()})
	return nil
}
