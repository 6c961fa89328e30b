// Delivers as Argo CD does, by its own packages: makes the Applications of an ApplicationSet, and syncs one of them with its
// options, its waves and its health checks. Its servers, which fetch from Git and keep the state, are left out.
package main

import (
	"context"
	"encoding/json"
	"flag"
	"log"
	"os"
	"time"

	"github.com/argoproj/gitops-engine/pkg/cache"
	"github.com/argoproj/gitops-engine/pkg/sync"
	"github.com/argoproj/gitops-engine/pkg/sync/common"
	"github.com/argoproj/gitops-engine/pkg/utils/kube"
	"github.com/argoproj/gitops-engine/pkg/utils/tracing"
	"github.com/sirupsen/logrus"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/klog/v2/textlogger"
	"sigs.k8s.io/yaml"

	"github.com/argoproj/argo-cd/v3/applicationset/controllers/template"
	"github.com/argoproj/argo-cd/v3/applicationset/generators"
	"github.com/argoproj/argo-cd/v3/applicationset/utils"
	"github.com/argoproj/argo-cd/v3/pkg/apis/application/v1alpha1"
	"github.com/argoproj/argo-cd/v3/util/lua"
	"github.com/argoproj/argo-cd/v3/util/settings"
)

const trackingID = "argocd.argoproj.io/tracking-id"

func main() {
	applicationSet := flag.String("applicationset", "", "file with the ApplicationSet")
	health := flag.String("health", "", "file with a part of argocd-cm")
	name := flag.String("application", "", "name of the Application to sync; without it, all are printed")
	manifests := flag.String("manifests", "", "file with what Kustomize has made of its source")
	judge := flag.Bool("judge", false, "print the health of the manifests, and sync nothing")
	flag.Parse()
	logrus.SetOutput(os.Stderr)

	if *judge {
		overrides := overridesOf(*health)
		for _, object := range objectsIn(*manifests) {
			status, err := overrides.GetResourceHealth(object)
			must(err)
			printJSON(map[string]any{"name": object.GetName(), "health": status})
		}
		return
	}
	applications := applicationsOf(*applicationSet)
	if *name == "" {
		printJSON(applications)
		return
	}
	for _, application := range applications {
		if application.Name == *name {
			syncUntilRetriesEnd(application, objectsIn(*manifests), overridesOf(*health))
			return
		}
	}
	log.Fatalf("no Application %s", *name)
}

// applicationsOf reads the file strictly, and does what the ApplicationSet controller does.
func applicationsOf(file string) []v1alpha1.Application {
	var set v1alpha1.ApplicationSet
	must(yaml.UnmarshalStrict(read(file), &set))
	list := map[string]generators.Generator{"List": generators.NewListGenerator()}
	applications, _, err := template.GenerateApplications(logrus.NewEntry(logrus.StandardLogger()), set, list, &utils.Render{}, nil)
	must(err)
	return applications
}

// overridesOf gives Argo CD's settings the file as the ConfigMap that it reads.
func overridesOf(file string) lua.ResourceHealthOverrides {
	config := corev1.ConfigMap{ObjectMeta: metav1.ObjectMeta{
		Name: "argocd-cm", Namespace: "argocd", Labels: map[string]string{"app.kubernetes.io/part-of": "argocd"},
	}}
	if file != "" {
		must(yaml.UnmarshalStrict(read(file), &config))
	}
	secret := corev1.Secret{ObjectMeta: metav1.ObjectMeta{
		Name: "argocd-secret", Namespace: config.Namespace, Labels: map[string]string{"app.kubernetes.io/part-of": "argocd"},
	}, Data: map[string][]byte{"server.secretkey": []byte("unused")}}
	manager := settings.NewSettingsManager(context.Background(), fake.NewClientset(&config, &secret), config.Namespace)
	overrides, err := manager.GetResourceOverrides()
	must(err)
	return overrides
}

func syncUntilRetriesEnd(application v1alpha1.Application, target []*unstructured.Unstructured, overrides lua.ResourceHealthOverrides) {
	config, err := clientcmd.BuildConfigFromFlags("", os.Getenv("KUBECONFIG"))
	must(err)
	config.QPS, config.Burst = 50, 100
	for _, object := range target {
		annotations := object.GetAnnotations()
		if annotations == nil {
			annotations = map[string]string{}
		}
		annotations[trackingID] = application.Name
		object.SetAnnotations(annotations)
	}
	live := cache.NewClusterCache(config, cache.SetPopulateResourceInfoHandler(func(object *unstructured.Unstructured, _ bool) (any, bool) {
		id := object.GetAnnotations()[trackingID]
		return id, id != ""
	}))
	must(live.EnsureSynced())

	policy := application.Spec.SyncPolicy
	for attempt := int64(0); ; attempt++ {
		printJSON(map[string]any{"attempt": attempt})
		phase, message, results := syncOnce(application, target, config, live, optionsOf(policy, overrides))
		for _, result := range results {
			printJSON(map[string]any{"resource": result.ResourceKey.String(), "status": result.Status, "message": result.Message})
		}
		printJSON(map[string]any{"phase": phase, "message": message})
		if phase.Successful() {
			return
		}
		if policy.Retry == nil || attempt >= policy.Retry.Limit {
			os.Exit(1)
		}
		next, err := policy.Retry.NextRetryAt(time.Now(), attempt)
		must(err)
		time.Sleep(time.Until(next))
	}
}

// syncOnce goes on until all is done or something failed: each time with what is live then, as the controller does.
func syncOnce(
	application v1alpha1.Application, target []*unstructured.Unstructured, config *rest.Config, live cache.ClusterCache, options []sync.SyncOpt,
) (common.OperationPhase, string, []common.ResourceSyncResult) {
	namespace := application.Spec.Destination.Namespace
	isManaged := func(resource *cache.Resource) bool { return resource.Info == application.Name }
	kubectl := &kube.KubectlCmd{Log: textlogger.NewLogger(textlogger.NewConfig()), Tracer: tracing.NopTracer{}}
	state, started := common.OperationRunning, metav1.Now()
	var message string
	var results []common.ResourceSyncResult
	for ; ; time.Sleep(time.Second) {
		managed, err := live.GetManagedLiveObjs(target, isManaged)
		must(err)
		reconciled := sync.Reconcile(target, managed, namespace, live)
		all := append([]sync.SyncOpt{sync.WithInitialState(state, message, results, started)}, options...)
		pass, stop, err := sync.NewSyncContext("HEAD", reconciled, config, config, kubectl, namespace, live.GetOpenAPISchema(), all...)
		must(err)
		pass.Sync()
		state, message, results = pass.GetState()
		stop()
		if state.Completed() {
			return state, message, results
		}
	}
}

// optionsOf says to the engine what Argo CD's controller says of an Application's options.
func optionsOf(policy *v1alpha1.SyncPolicy, overrides lua.ResourceHealthOverrides) []sync.SyncOpt {
	has := policy.SyncOptions.HasOption
	propagation := metav1.DeletePropagationForeground
	if has("PrunePropagationPolicy=background") {
		propagation = metav1.DeletePropagationBackground
	}
	return []sync.SyncOpt{
		sync.WithHealthOverride(overrides),
		sync.WithManifestValidation(!has(common.SyncOptionsDisableValidation)),
		sync.WithPrune(policy.Automated != nil && policy.Automated.Prune),
		sync.WithPruneLast(has(common.SyncOptionPruneLast)),
		sync.WithPrunePropagationPolicy(&propagation),
		sync.WithServerSideApply(has(common.SyncOptionServerSideApply)),
		sync.WithServerSideApplyManager("argocd-controller"),
		sync.WithSkipDryRunOnMissingResource(has(common.SyncOptionSkipDryRunOnMissingResource)),
	}
}

func objectsIn(file string) []*unstructured.Unstructured {
	objects, err := kube.SplitYAML(read(file))
	must(err)
	return objects
}

func read(file string) []byte {
	text, err := os.ReadFile(file)
	must(err)
	return text
}

func printJSON(value any) {
	must(json.NewEncoder(os.Stdout).Encode(value))
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
