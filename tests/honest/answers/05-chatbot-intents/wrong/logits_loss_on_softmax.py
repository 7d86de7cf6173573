# case: logits_loss_on_softmax
# style: from_logits=True copied from the TensorFlow tutorial, although the model ends in softmax
# fails: compile_loss_fits_labels
# may: loss_goes_down, paraphrases_are_understood
# borderline: within fit, Keras may notice the softmax, warn and calculate the right loss all the same; only a look at the loss itself shows the mistake for sure
# says: from_logits=True is for a model without softmax; this model already gives probabilities, so leave it out

# %% build_model
def build_model(vocabulary_size, n_intents):
    return keras.Sequential([
        keras.Input((SENTENCE_LENGTH,)),
        keras.layers.Embedding(vocabulary_size, 16),
        keras.layers.GlobalAveragePooling1D(),
        keras.layers.Dense(n_intents, activation="softmax"),
    ])


# %% compile_model
def compile_model(model):
    model.compile(optimizer=keras.optimizers.Adam(0.01),
                  loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True),
                  metrics=["accuracy"])
    return model


# %% train_model
def train_model(model, x, y, epochs):
    return model.fit(x, y, epochs=epochs, verbose=0)


# %% reply
def reply(model, sentence):
    ids = vectorize([sentence])
    return REPLIES[np.argmax(model.predict(ids, verbose=0))]

