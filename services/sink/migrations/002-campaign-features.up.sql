-- What tells a dispatcher, a harvest and replaced accounts from chance: one column for each feature that was added.
ALTER TABLE {database}.account_windows
    {add:
        product_share category_entropy top_category_share marked_script_entropy product_enumeration_share repeated_sampling_share
        filling_repeats agentic_share label_entropy top_label_share distinct_asns network_turnover envelope_correlation envelope_dispersion
        asns_per_account evenness_excess newcomer_share suspended_share replacement_share shared_payment_degree shared_signup_degree
        shared_network_degree shared_client_degree synchrony_degree
    };

ALTER TABLE {database}.cluster_windows
    {add:
        product_share category_entropy top_category_share marked_script_entropy product_enumeration_share repeated_sampling_share
        filling_repeats agentic_share label_entropy top_label_share distinct_asns network_turnover envelope_correlation envelope_dispersion
        asns_per_account evenness_excess newcomer_share suspended_share replacement_share shared_payment_degree shared_signup_degree
        shared_network_degree shared_client_degree synchrony_degree
    };
